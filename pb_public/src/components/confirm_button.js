// A button that asks in its place before it does something.
import { useEffect, useRef, useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { Button, Notice } from './button.js';
import { anyMessage } from '../lib/errors.js';
import { useAction } from '../lib/use_action.js';

/**
 * @param {{label: string, question: string, yes?: string, no: string, kind?: 'primary'|'danger',
 *   work: () => Promise<unknown>}} props
 */
export function AskFirst({ label, question, yes = label, no, kind = 'danger', work }) {
	const [asking, setAsking] = useState(/** @type {boolean | undefined} */ (undefined));
	const { run, busy, error, clear } = useAction(async () => {
		await work();
		setAsking(false);
	});
	const place = useRef(/** @type {HTMLElement | null} */ (null));
	useEffect(() => {
		const next = asking ? '.confirm' : 'button';
		if (asking !== undefined) /** @type {HTMLElement | null | undefined} */ (place.current?.querySelector(next))?.focus();
	}, [asking]);
	const ask = () => {
		clear();
		setAsking(true);
	};
	return html`
		<div class="ask" ref=${place}>
			${!asking && html`<${Button} kind="quiet" onClick=${ask}>${label}</${Button}>`}
			${asking && html`
				<div class="confirm" role="group" aria-label=${label} tabindex="-1">
					<p>${question}</p>
					<div class="actions">
						<${Button} kind=${kind} busy=${busy} onClick=${run}>${yes}</${Button}>
						<${Button} kind="quiet" disabled=${busy} onClick=${() => setAsking(false)}>${no}</${Button}>
					</div>
					${error && html`<${Notice}>${anyMessage(error)}</${Notice}>`}
				</div>`}
		</div>`;
}
