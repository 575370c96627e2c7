import { useState } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { countText, lengthText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { meetingHref } from '../lib/router.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

/**
 * Saves the share links of several uploads at once. The server finds the meeting of each.
 * @param {{workspace: import('../data/workspace.js').Workspace}} props
 */
export function PasteLinks({ workspace }) {
	const [result, setResult] = useState(/** @type {any} */ (null));
	const { run, busy, error } = useAction(async (/** @type {HTMLFormElement} */ form) => {
		const text = String(new FormData(form).get('share-links'));
		setResult(await workspace.db.send('/api/share-links', { method: 'POST', body: { text } }));
		form.reset();
	});
	const waiting = [...workspace.transfers.records.value.values()].filter(({ status }) => status === 'awaiting_share_url').length;
	if (waiting < 2 && !result) return null;
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		run(event.currentTarget);
	};
	return html`
		<details class="card paste-links">
			<summary>Paste several Loom links (${countText(waiting, 'meeting waits', 'meetings wait')} for one)</summary>
			<form onSubmit=${submit}>
				<label for="share-links">Loom share links, with or without other text</label>
				<textarea id="share-links" name="share-links" rows="4" required spellcheck=${false}></textarea>
				${error && html`<p class="error" role="alert">${firstMessage(error)}</p>`}
				<${Button} type="submit" busy=${busy}>${busy ? 'Checking links…' : 'Find their meetings'}</${Button}>
			</form>
			${result && html`<${Result} result=${result} />`}
		</details>`;
}

/** @param {{result: any}} props */
function Result({ result: { matched, doubtful, unknown } }) {
	return html`
		<div role="status">
			${matched.length > 0 && html`
				<${Notice} kind="note">
					<p>${countText(matched.length, 'link')} saved:</p>
					<ul>${matched.map((/** @type {any} */ { url, meeting, title }) => html`<li key=${url}><a href=${meetingHref(meeting)}>${title}</a></li>`)}</ul>
				</${Notice}>`}
			${doubtful.map((/** @type {any} */ { url, found, candidates }) => html`
				<${Notice} key=${url}>
					<p>${url} (${found.title || 'untitled'}${found.duration > 0 && ` · ${lengthText(found.duration)}`}) may belong to one of these meetings. Paste it there:</p>
					<ul>${candidates.map((/** @type {any} */ { meeting, title, duration }) => html`
						<li key=${meeting}><a href=${meetingHref(meeting)}>${title}</a> · ${lengthText(duration)}</li>`)}</ul>
				</${Notice}>`)}
			${unknown.map((/** @type {any} */ { url, message }) => html`<${Notice} key=${url}>${url}: ${message}</${Notice}>`)}
		</div>`;
}
