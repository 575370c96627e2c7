import { useEffect, useRef, useState } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

/**
 * A button that asks for confirmation, in its own place, before it acts.
 * @param {{label: string, question: string, confirmLabel?: string, cancelLabel?: string, kind?: 'primary'|'danger',
 *   action: () => Promise<unknown>}} props
 */
export function ConfirmButton({ label, question, confirmLabel = label, cancelLabel = 'Cancel', kind = 'danger', action }) {
	const [asking, setAsking] = useState(/** @type {boolean | undefined} */ (undefined)); // undefined: never asked
	const { run, busy, error, clear } = useAction(async () => {
		await action();
		setAsking(false);
	});
	const root = useRef(/** @type {HTMLElement | null} */ (null));
	useEffect(() => {
		const target = asking ? '.confirm' : 'button';
		if (asking !== undefined) /** @type {HTMLElement | null | undefined} */ (root.current?.querySelector(target))?.focus();
	}, [asking]);
	const ask = () => {
		clear();
		setAsking(true);
	};
	return html`
		<div class="confirm-button" ref=${root}>
			${!asking && html`<${Button} kind="quiet" onClick=${ask}>${label}</${Button}>`}
			${asking && html`
				<div class="confirm" role="group" aria-label=${label} tabindex="-1">
					<p>${question}</p>
					<div class="actions">
						<${Button} kind=${kind} busy=${busy} onClick=${run}>${confirmLabel}</${Button}>
						<${Button} kind="quiet" disabled=${busy} onClick=${() => setAsking(false)}>${cancelLabel}</${Button}>
					</div>
					${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
				</div>`}
		</div>`;
}
