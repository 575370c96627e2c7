import { useLayoutEffect, useRef, useState } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

/**
 * A button that asks for confirmation, in its own place, before it acts. If the question depends on what the server
 * says, `prepare` finds that out first, and rejects if there is nothing to confirm. With `subject`, the label's full name is
 * "label: subject", to distinguish it from others on the page. `done` is announced afterwards. The children follow
 * the question.
 * @param {{label: string, subject?: string, question: string, prepare?: () => Promise<unknown>, confirmLabel?: string, cancelLabel?: string,
 *   kind?: 'primary'|'danger', action: () => Promise<unknown>, done?: string, children?: any}} props
 */
export function ConfirmButton({ label, subject = '', question, prepare, confirmLabel = label, cancelLabel = 'Cancel', kind = 'danger', action, done = '', children }) {
	const [asking, setAsking] = useState(/** @type {boolean | undefined} */ (undefined)); // undefined: never asked
	const { run, busy, error, clear } = useAction(async () => {
		await action();
		setAsking(false);
	}, done);
	const name = subject ? `${label}: ${subject}` : undefined;
	const root = useRef(/** @type {HTMLElement | null} */ (null));
	useLayoutEffect(() => {
		const target = asking ? '.confirm' : 'button';
		if (asking !== undefined) /** @type {HTMLElement | null | undefined} */ (root.current?.querySelector(target))?.focus();
	}, [asking]);
	const preparation = useAction(async () => {
		clear();
		await prepare?.();
		setAsking(true);
	});
	return html`
		<div class="confirm-button" ref=${root}>
			${!asking && html`<${Button} kind="quiet" busy=${preparation.busy} aria-label=${name} onClick=${preparation.run}>${label}</${Button}>`}
			${!asking && preparation.error && html`<${Notice}>${firstMessage(preparation.error)}</${Notice}>`}
			${asking && html`
				<div class="confirm" role="group" aria-label=${name ?? label} tabindex="-1">
					<p>${question}</p>
					${children}
					<div class="actions">
						<${Button} kind=${kind} busy=${busy} onClick=${run}>${confirmLabel}</${Button}>
						<${Button} kind="quiet" disabled=${busy} onClick=${() => setAsking(false)}>${cancelLabel}</${Button}>
					</div>
					${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
				</div>`}
		</div>`;
}
