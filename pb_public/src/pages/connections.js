// The key to Fathom: saved, tested, replaced, removed. It is never shown again.
import { useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { AutoSync } from '../components/auto_sync.js';
import { Badge, Button, Field, Notice, PageTitle, Spinner } from '../components/button.js';
import { anyMessage, fieldError } from '../lib/errors.js';
import { relativeText } from '../lib/format.js';
import { useAction } from '../lib/use_action.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Connection} Connection */

/** @type {Record<Connection['status'], {tone: 'plain'|'good'|'bad', label: string}>} */
const states = {
	checking: { tone: 'plain', label: 'Checking…' },
	valid: { tone: 'good', label: 'Working' },
	invalid: { tone: 'bad', label: 'Not working' },
	unchecked: { tone: 'plain', label: 'Not tested yet' },
};

/** @param {{workspace: Workspace}} props */
export function ConnectionsPage({ workspace }) {
	const { connections } = workspace;
	return html`
		<div class="page narrow">
			<${PageTitle} title="Connections" />
			<p class="lead">What Fathom-to-Loom may use on your behalf. Keys are encrypted and never shown again.</p>
			${connections.error.value && html`<${Notice}>${connections.error.value}</${Notice}>`}
			${connections.loaded.value
				? html`<${Fathom} workspace=${workspace} connection=${workspace.fathom} />`
				: html`<${Spinner} label="Reading your connections" />`}
			<section class="card">
				<div class="card-head"><h2>Loom</h2><${Badge} tone="plain">No key needed</${Badge}></div>
				<p>Loom takes uploads on its own page only. Each transfer ends with a file for you to upload there, and
				the link Loom gives you for it.</p>
			</section>
		</div>`;
}

/** @param {{workspace: Workspace, connection: Connection | undefined}} props */
function Fathom({ workspace, connection }) {
	const [replacing, setReplacing] = useState(false);
	const state = connection && states[connection.status];
	return html`
		<section class="card" aria-labelledby="fathom-heading">
			<div class="card-head">
				<h2 id="fathom-heading">Fathom</h2>
				<span aria-live="polite">${state && html`<${Badge} tone=${state.tone}>${state.label}</${Badge}>`}</span>
			</div>
			${connection && html`<${SavedKey} connection=${connection} />`}
			${!connection && html`<p>Fathom-to-Loom reads your meetings with an API key of your Fathom account. You make one in
				Fathom under <strong>User Settings → API Access</strong>.</p>`}
			${!connection || replacing
				? html`<${KeyForm} workspace=${workspace} connection=${connection} onDone=${() => setReplacing(false)} onCancel=${connection && (() => setReplacing(false))} />`
				: html`<${KeyActions} workspace=${workspace} connection=${connection} onReplace=${() => setReplacing(true)} />`}
			${connection && html`<${AutoSync} />`}
		</section>
		${connection?.status === 'valid' && workspace.meetings.loaded.value && !workspace.meetings.total.value && !workspace.meetings.query.value && html`
			<p class="next"><a class="button primary" href="#/">Next: your meetings</a></p>`}`;
}

/** @param {{connection: Connection}} props */
function SavedKey({ connection }) {
	return html`
		<dl class="facts">
			<div><dt>API key</dt><dd><code>${connection.last_four ? `•••• ${connection.last_four}` : '••••'}</code></dd></div>
			${connection.checked_at && html`<div><dt>Tested</dt><dd>${relativeText(connection.checked_at)}</dd></div>`}
		</dl>
		${connection.reason && html`<${Notice} kind=${connection.status === 'invalid' ? 'problem' : 'note'}>${connection.reason}</${Notice}>`}`;
}

/** @param {{workspace: Workspace, connection?: Connection, onDone: () => void, onCancel?: () => void}} props */
function KeyForm({ workspace, connection, onDone, onCancel }) {
	const service = workspace.db.collection('connections');
	const { run, busy, error } = useAction(async (/** @type {string} */ secret) => {
		const saved = connection ? await service.update(connection.id, { secret }) : await service.create({ provider: 'fathom', secret });
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
				autocomplete="off" spellcheck=${false} error=${error ? fieldError(error, 'secret') || anyMessage(error) : ''} />
			<div class="actions">
				<${Button} type="submit" busy=${busy}>${busy ? 'Saving…' : 'Save key'}</${Button}>
				${onCancel && html`<${Button} kind="quiet" onClick=${onCancel}>Cancel</${Button}>`}
			</div>
		</form>`;
}

/** @param {{workspace: Workspace, connection: Connection, onReplace: () => void}} props */
function KeyActions({ workspace, connection, onReplace }) {
	const [asking, setAsking] = useState(false);
	const { run, busy, error } = useAction(async () => {
		await workspace.db.collection('connections').delete(connection.id);
		workspace.connections.remove(connection.id);
	});
	if (!asking) {
		return html`
			<div class="actions">
				<${Button} kind="quiet" onClick=${onReplace}>Replace key</${Button}>
				<${Button} kind="quiet" onClick=${() => setAsking(true)}>Remove</${Button}>
			</div>`;
	}
	return html`
		<div class="confirm" role="group" aria-label="Remove the key">
			<p>Remove this key? What has been copied already stays.</p>
			<div class="actions">
				<${Button} kind="danger" busy=${busy} onClick=${run}>Remove key</${Button}>
				<${Button} kind="quiet" onClick=${() => setAsking(false)}>Keep it</${Button}>
			</div>
			${error && html`<${Notice}>${anyMessage(error)}</${Notice}>`}
		</div>`;
}
