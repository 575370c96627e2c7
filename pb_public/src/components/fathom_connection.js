import { useRef, useState } from '../../vendor/preact-hooks.js';
import { relativeText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { href } from '../lib/router.js';
import { nowFor } from '../lib/tick.js';
import { Button } from './button.js';
import { ConfirmButton } from './confirm_button.js';
import { ConnectionBadge } from './connection_badge.js';
import { FathomKeyForm } from './fathom_key_form.js';
import { syncWith } from './first_run.js';
import { Notice } from './notice.js';
import { SyncOthers } from './sync_others.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Connection} Connection */

/** The connection to Fathom: a key, which is never shown again. @param {{workspace: Workspace}} props */
export function FathomConnection({ workspace }) {
	const connection = workspace.fathom;
	const [replacing, setReplacing] = useState(false);
	const heading = useRef(/** @type {HTMLElement | null} */ (null));
	const { meetings } = workspace;
	const isFirstVisit = meetings.loaded.value && !meetings.totalOfAll.value;
	/** @param {Connection} saved */
	const continueWith = (saved) => {
		setReplacing(false);
		heading.current?.focus(); // the form disappears
		syncWith(workspace, saved);
	};
	return html`
		<section class="card" aria-labelledby="fathom-heading">
			<div class="card-head">
				<h2 id="fathom-heading" tabindex="-1" ref=${heading}>Fathom</h2>
				<${ConnectionBadge} connection=${connection} />
			</div>
			${connection && html`<${SavedKey} connection=${connection} />`}
			${!connection && html`<p>Your meetings are read with an API key of your Fathom account.</p>`}
			${!connection || replacing
				? html`<${FathomKeyForm} workspace=${workspace} connection=${connection} onSaved=${continueWith} onCancel=${connection && (() => setReplacing(false))} />`
				: html`<${KeyActions} workspace=${workspace} connection=${connection} onReplace=${() => setReplacing(true)} />`}
			${connection && html`<${SyncOthers} workspace=${workspace} />`}
		</section>
		${connection?.status === 'valid' && isFirstVisit && html`
			<p><a class="button primary" href=${href('/')}>Continue to meetings</a></p>`}`;
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
