import { useEffect, useLayoutEffect, useRef, useState } from '../../vendor/preact-hooks.js';
import { codeProblem, lifetimeText } from '../lib/account_text.js';
import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Field } from './field.js';
import { Notice } from './notice.js';
import { Spinner } from './spinner.js';

/** @typedef {import('../data/types.js').SentCode} SentCode */

/**
 * Asks for the code that `send` has mailed, and passes it on.
 * @param {{id: string, send: () => Promise<SentCode>, submit: (otpId: string, code: string) => Promise<unknown>, label: string,
 *   kind?: 'primary'|'danger', onCancel: () => void, cancelLabel: string}} props
 */
export function CodeForm({ id, send, submit, label, kind = 'primary', onCancel, cancelLabel }) {
	const [sent, setSent] = useState(/** @type {(SentCode & {at: number}) | null} */ (null));
	const [remark, setRemark] = useState('');
	const root = useRef(/** @type {HTMLElement | null} */ (null));
	const focus = () => root.current?.querySelector('input')?.focus();
	const sending = useAction(async () => {
		const code = await send();
		setSent({ ...code, at: Date.now() });
	});
	const { run, busy, error } = useAction(submit);
	useEffect(() => {
		sending.run();
	}, []);
	useLayoutEffect(focus, [sent?.otpId]);
	const sendAgain = async () => {
		if (sent && Date.now() - sent.at < sent.next * 1000) return setRemark('A code was sent a moment ago. Wait half a minute before you ask for another one.');
		setRemark((await sending.run()) ? 'Another code is on its way.' : '');
		return focus();
	};
	/** @param {Event} event */
	const enter = async (event) => {
		event.preventDefault();
		const code = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get(id)).replace(/\s/g, '');
		setRemark('');
		if (!(await run(sent?.otpId ?? '', code))) focus();
	};
	return html`
		<div class="code-form" ref=${root}>
			${!sent && !sending.error && html`<${Spinner} label="Sending a code" />`}
			${sending.error && html`<${Notice}>${firstMessage(sending.error)}</${Notice}>`}
			${sent && html`
				<p>A code was sent to <strong>${sent.sent_to}</strong>. It works for ${lifetimeText(sent.expires)}.</p>
				<form onSubmit=${enter}>
					<${Field} id=${id} label="Code" inputmode="numeric" autocomplete="one-time-code" required spellcheck=${false} maxlength="20" error=${codeProblem(error)} />
					<${Button} type="submit" kind=${kind} busy=${busy}>${label}</${Button}>
				</form>`}
			<p class="links">
				${(sent || sending.error) && html`<${Button} kind="link" busy=${sending.busy} onClick=${sendAgain}>Send another code</${Button}>`}
				<${Button} kind="link" onClick=${onCancel}>${cancelLabel}</${Button}>
			</p>
			<p class="muted" role="status">${remark}</p>
		</div>`;
}
