// The export of a user's data, and the deletion of their account.
import { useState } from '../../vendor/preact-hooks.js';
import { serverInfo } from '../data/server_info.js';
import { deleteAccount } from '../data/session.js';
import { firstMessage } from '../lib/errors.js';
import { daysText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { saveFile } from '../lib/save_file.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Field } from './field.js';
import { Download } from './icons.js';
import { Notice } from './notice.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */

/** @param {{workspace: Workspace}} props */
export function Export({ workspace }) {
	const { run, busy, error } = useAction(async () => {
		const { path } = await workspace.db.send('/api/export', { method: 'POST' });
		saveFile(workspace.db.buildURL(path));
	});
	return html`
		<section class="card" aria-labelledby="export-heading">
			<h2 id="export-heading">Export your data</h2>
			<p>Download a zip archive with your database and all videos. PocketBase or any SQLite browser can open it. Your
			Fathom API key is not included.</p>
			<${Button} kind="quiet" busy=${busy} onClick=${run}><${Download} />Export data</${Button}>
			${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
		</section>`;
}

/** @param {{workspace: Workspace}} props */
export function Deletion({ workspace }) {
	const [asking, setAsking] = useState(false);
	const { deleteGrace } = serverInfo.value;
	return html`
		<section class="card" aria-labelledby="delete-heading">
			<h2 id="delete-heading">Delete your account</h2>
			<p>Deletes your account and all meetings and videos stored here. Nothing is deleted at Fathom or Loom.
			${deleteGrace >= 86400 && ` The operator of this server can restore your account for ${daysText(deleteGrace)}.`}</p>
			${asking
				? html`<${DeletionForm} email=${workspace.user.email} onCancel=${() => setAsking(false)} />`
				: html`<${Button} kind="quiet" onClick=${() => setAsking(true)}>Delete account</${Button}>`}
		</section>`;
}

/** @param {{email: string, onCancel: () => void}} props */
function DeletionForm({ email, onCancel }) {
	const [mismatch, setMismatch] = useState('');
	const { run, busy, error } = useAction(deleteAccount);
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		const typed = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('confirm-email')).trim();
		if (typed.toLowerCase() !== email.toLowerCase()) return setMismatch('This is not the e-mail address of your account.');
		setMismatch('');
		run();
	};
	return html`
		<form class="confirm" onSubmit=${submit}>
			<${Field} id="confirm-email" label="Type your e-mail address to confirm" inputmode="email" autocomplete="off" spellcheck=${false} required
				error=${mismatch} onInput=${() => setMismatch('')} />
			<div class="actions">
				<${Button} type="submit" kind="danger" busy=${busy}>Delete everything</${Button}>
				<${Button} kind="quiet" onClick=${onCancel}>Cancel</${Button}>
			</div>
			${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
		</form>`;
}
