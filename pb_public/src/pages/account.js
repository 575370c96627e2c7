// What this person's storage takes, taking everything along, and leaving.
import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { Button, Field, Notice, PageTitle, Spinner } from '../components/button.js';
import { pb } from '../data/clients.js';
import { save } from '../components/download_button.js';
import { anyMessage } from '../lib/errors.js';
import { bytesText, daysText, percentText } from '../lib/format.js';
import { Down } from '../components/icons.js';
import { deleteAccount } from '../data/session.js';
import { useAction } from '../lib/use_action.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */

/** @param {{workspace: Workspace}} props */
export function AccountPage({ workspace }) {
	return html`
		<div class="page narrow">
			<${PageTitle} title="Account" />
			<p class="lead">${workspace.user.email}</p>
			<${Storage} workspace=${workspace} />
			<${TakeAlong} workspace=${workspace} />
			<${Leave} workspace=${workspace} />
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
			${error && html`<${Notice}>${anyMessage(error)} <${Button} kind="link" onClick=${run}>Try again</${Button}></${Notice}>`}
			${!usage && !error && html`<${Spinner} label="Measuring" />`}
			${usage && html`<${Usage} bytes=${usage.bytes} quota=${usage.quota} />`}
			<p class="muted">Your meetings, transcripts and recordings are in a database of your own. To make room, delete the
			file of a meeting that is on Loom: open the meeting, then <strong>Delete the file</strong>.</p>
		</section>`;
}

/** @param {{bytes: number, quota: number}} props */
function Usage({ bytes, quota }) {
	if (!quota) return html`<p><strong>${bytesText(bytes)}</strong> used.</p>`;
	const full = bytes >= quota;
	return html`
		<div class="progress">
			<progress aria-label="Storage used" max="1" value=${Math.min(bytes / quota, 1)} />
			<p><strong>${bytesText(bytes)}</strong> of ${bytesText(quota)} used (${percentText(bytes / quota)}).</p>
		</div>
		${full && html`<${Notice}>Your storage is full. Nothing more is copied until there is room.</${Notice}>`}`;
}

/** @param {{workspace: Workspace}} props */
function TakeAlong({ workspace }) {
	const { run, busy, error } = useAction(async () => {
		const { path } = await workspace.db.send('/api/export', { method: 'POST' });
		save(workspace.db.buildURL(path), '');
	});
	return html`
		<section class="card" aria-labelledby="export-heading">
			<h2 id="export-heading">Take everything along</h2>
			<p>One zip archive with your database and all recordings, which any SQLite browser or PocketBase opens. Your
			Fathom key is not in it.</p>
			<${Button} kind="quiet" busy=${busy} onClick=${run}><${Down} />Download everything</${Button}>
			${error && html`<${Notice}>${anyMessage(error)}</${Notice}>`}
		</section>`;
}

/** @param {{workspace: Workspace}} props */
function Leave({ workspace }) {
	const [asking, setAsking] = useState(false);
	const [kept, setKept] = useState('');
	useEffect(() => {
		pb.send('/api/app', {}).then(({ delete_grace: seconds }) => {
			setKept(seconds >= 86400 ? `For ${daysText(seconds)} the operator of this server can still bring it back.` : '');
		}).catch(() => {}); // it is only more to read
	}, []);
	return html`
		<section class="card" aria-labelledby="leave-heading">
			<h2 id="leave-heading">Delete the account</h2>
			<p>Deletes your account with all meetings and recordings here. What is at Fathom and Loom stays. ${kept}</p>
			${asking
				? html`<${Farewell} workspace=${workspace} onCancel=${() => setAsking(false)} />`
				: html`<${Button} kind="quiet" onClick=${() => setAsking(true)}>Delete my account</${Button}>`}
		</section>`;
}

/** @param {{workspace: Workspace, onCancel: () => void}} props */
function Farewell({ workspace, onCancel }) {
	const [wrong, setWrong] = useState('');
	const { run, busy, error } = useAction(deleteAccount);
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		const typed = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('confirm-email')).trim();
		if (typed.toLowerCase() !== workspace.user.email.toLowerCase()) return setWrong('This isn’t the address of your account.');
		setWrong('');
		run();
	};
	return html`
		<form class="confirm" onSubmit=${submit}>
			<${Field} id="confirm-email" label="Type your e-mail address to confirm" inputmode="email" autocomplete="off" spellcheck=${false} required
				error=${wrong} onInput=${() => setWrong('')} />
			<div class="actions">
				<${Button} type="submit" kind="danger" busy=${busy}>Delete everything</${Button}>
				<${Button} kind="quiet" onClick=${onCancel}>Keep my account</${Button}>
			</div>
			${error && html`<${Notice}>${anyMessage(error)}</${Notice}>`}
		</form>`;
}
