// The connections to Fathom and Loom. A saved key is never shown again.
import { useState } from '../../vendor/preact-hooks.js';
import { AutoSync } from '../components/auto_sync.js';
import { Button } from '../components/button.js';
import { ConfirmButton } from '../components/confirm_button.js';
import { ConnectionBadge } from '../components/connection_badge.js';
import { FathomWebhook } from '../components/fathom_webhook.js';
import { Field } from '../components/field.js';
import { LoomPanel } from '../components/loom_panel.js';
import { MailServer } from '../components/mail_server.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page_title.js';
import { Rules } from '../components/rules.js';
import { Spinner } from '../components/spinner.js';
import { SyncOthers } from '../components/sync_others.js';
import { Webhook } from '../components/webhook.js';
import { fieldError, firstMessage } from '../lib/errors.js';
import { relativeText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { nowFor } from '../lib/tick.js';
import { useAction } from '../lib/use_action.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Connection} Connection */

/** @param {{workspace: Workspace}} props */
export function ConnectionsPage({ workspace }) {
	const { connections } = workspace;
	return html`
		<div class="page narrow">
			<${PageTitle} title="Connections" />
			<p class="lead">The services that Fathom-to-Loom uses for you. Keys are stored encrypted and never shown again.</p>
			${connections.error.value && html`<${Notice}>${connections.error.value}</${Notice}>`}
			${connections.loaded.value
				? html`<${Fathom} workspace=${workspace} connection=${workspace.fathom} />`
				: html`<${Spinner} label="Loading connections" />`}
			${connections.loaded.value && html`<${LoomPanel} workspace=${workspace} />`}
			${workspace.fathom && html`<${Rules} workspace=${workspace} />`}
			${connections.loaded.value && html`
				<${MailServer} workspace=${workspace} />
				<${Webhook} workspace=${workspace} />`}
		</div>`;
}

/** @param {{workspace: Workspace, connection: Connection | undefined}} props */
function Fathom({ workspace, connection }) {
	const [replacing, setReplacing] = useState(false);
	const { meetings } = workspace;
	const isFirstVisit = meetings.loaded.value && !meetings.total.value && !meetings.query.value;
	return html`
		<section class="card" aria-labelledby="fathom-heading">
			<div class="card-head">
				<h2 id="fathom-heading">Fathom</h2>
				<${ConnectionBadge} connection=${connection} />
			</div>
			${connection && html`<${SavedKey} connection=${connection} />`}
			${!connection && html`<p>Fathom-to-Loom reads your meetings with a Fathom API key. Create one in
				Fathom under <strong>User Settings → API Access</strong>.</p>`}
			${!connection || replacing
				? html`<${KeyForm} workspace=${workspace} connection=${connection} onDone=${() => setReplacing(false)} onCancel=${connection && (() => setReplacing(false))} />`
				: html`<${KeyActions} workspace=${workspace} connection=${connection} onReplace=${() => setReplacing(true)} />`}
			${connection && html`
				<${AutoSync} workspace=${workspace} />
				<${FathomWebhook} workspace=${workspace} />
				<${SyncOthers} workspace=${workspace} />`}
		</section>
		${connection?.status === 'valid' && isFirstVisit && html`
			<p><a class="button primary" href="#/">Continue to meetings</a></p>`}`;
}

/** @param {{connection: Connection}} props */
function SavedKey({ connection }) {
	return html`
		<dl class="facts">
			<div><dt>API key</dt><dd><code>${connection.last_four ? `•••• ${connection.last_four}` : '••••'}</code></dd></div>
			${connection.checked_at && html`<div><dt>Checked</dt><dd>${relativeText(connection.checked_at, nowFor(connection.checked_at))}</dd></div>`}
		</dl>
		${connection.reason && html`<${Notice} kind=${connection.status === 'invalid' ? 'problem' : 'note'}>${connection.reason}</${Notice}>`}`;
}

/** @param {{workspace: Workspace, connection?: Connection, onDone: () => void, onCancel?: () => void}} props */
function KeyForm({ workspace, connection, onDone, onCancel }) {
	const collection = workspace.db.collection('connections');
	const { run, busy, error } = useAction(async (/** @type {string} */ secret) => {
		const saved = connection ? await collection.update(connection.id, { secret }) : await collection.create({ provider: 'fathom', secret });
		workspace.connections.put(/** @type {any} */ (saved));
		onDone();
	});
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		run(String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('fathom-key')).trim());
	};
	return html`
		<form onSubmit=${submit}>
			<${Field} id="fathom-key" label=${connection ? 'New Fathom API key' : 'Fathom API key'} type="password" required
				autocomplete="off" spellcheck=${false} error=${error ? fieldError(error, 'secret') || firstMessage(error) : ''} />
			<div class="actions">
				<${Button} type="submit" busy=${busy}>${busy ? 'Saving…' : 'Save key'}</${Button}>
				${onCancel && html`<${Button} kind="quiet" onClick=${onCancel}>Cancel</${Button}>`}
			</div>
		</form>`;
}

/** @param {{workspace: Workspace, connection: Connection, onReplace: () => void}} props */
function KeyActions({ workspace, connection, onReplace }) {
	const remove = async () => {
		await workspace.db.collection('connections').delete(connection.id);
		workspace.connections.remove(connection.id);
	};
	return html`
		<div class="actions">
			<${Button} kind="quiet" onClick=${onReplace}>Replace key</${Button}>
			<${ConfirmButton} label="Remove key" action=${remove}
				question="Remove this key? Meetings and videos that are already copied are kept." />
		</div>`;
}
