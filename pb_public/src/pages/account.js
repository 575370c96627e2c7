// Notifications, names of files, the user's storage, recent activity, the export of their data, and the deletion of their account.
import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { Activity } from '../components/activity.js';
import { Button } from '../components/button.js';
import { Field } from '../components/field.js';
import { FileNames } from '../components/file_names.js';
import { Download } from '../components/icons.js';
import { Notice } from '../components/notice.js';
import { Notifications } from '../components/notifications.js';
import { PageTitle } from '../components/page_title.js';
import { Retention } from '../components/retention.js';
import { Spinner } from '../components/spinner.js';
import { StorageByMeeting } from '../components/storage_by_meeting.js';
import { serverInfo } from '../data/server_info.js';
import { deleteAccount } from '../data/session.js';
import { firstMessage } from '../lib/errors.js';
import { bytesText, daysText, percentText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { saveFile } from '../lib/save_file.js';
import { useAction } from '../lib/use_action.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */

/** @param {{workspace: Workspace}} props */
export function AccountPage({ workspace }) {
	return html`
		<div class="page narrow">
			<${PageTitle} title="Account" />
			<p class="lead">${workspace.user.email}</p>
			<${Notifications} workspace=${workspace} />
			<${FileNames} workspace=${workspace} />
			<${Storage} workspace=${workspace} />
			<${Activity} />
			<${Export} workspace=${workspace} />
			<${Deletion} workspace=${workspace} />
		</div>`;
}

/** @param {{workspace: Workspace}} props */
function Storage({ workspace }) {
	const [usage, setUsage] = useState(/** @type {{bytes: number, quota: number} | null} */ (null));
	const { run, error } = useAction(async () => setUsage(await workspace.db.send('/api/usage', {})));
	useEffect(() => {
		run();
	}, []);
	return html`
		<section class="card" aria-labelledby="storage-heading">
			<h2 id="storage-heading">Storage</h2>
			${error && html`<${Notice}>${firstMessage(error)} <${Button} kind="link" onClick=${run}>Try again</${Button}></${Notice}>`}
			${!usage && !error && html`<${Spinner} label="Loading storage use" />`}
			${usage && html`<${Usage} bytes=${usage.bytes} quota=${usage.quota} />`}
			<p class="muted">Your meetings, transcripts and videos are stored in your own database. To free space, delete
			videos. Summaries and transcripts are kept.</p>
			<${Retention} workspace=${workspace} />
			<${StorageByMeeting} workspace=${workspace} onDelete=${run} />
		</section>`;
}

/** @param {{bytes: number, quota: number}} props */
function Usage({ bytes, quota }) {
	if (!quota) return html`<p><strong>${bytesText(bytes)}</strong> used.</p>`;
	const isFull = bytes >= quota;
	return html`
		<div class="progress">
			<progress aria-label="Storage used" max="1" value=${Math.min(bytes / quota, 1)} />
			<p><strong>${bytesText(bytes)}</strong> of ${bytesText(quota)} used (${percentText(bytes / quota)}).</p>
		</div>
		${isFull && html`<${Notice}>Your storage is full. Delete videos to transfer more.</${Notice}>`}`;
}

/** @param {{workspace: Workspace}} props */
function Export({ workspace }) {
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
function Deletion({ workspace }) {
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
