// What the cards of the user's mail server and webhook share.
import { useState } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { ConfirmButton } from './confirm_button.js';
import { ConnectionBadge } from './connection_badge.js';
import { Notice } from './notice.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */

/**
 * A card with the state of a connection, and the form that creates or changes it. `read` returns the settings and the
 * secret in a submitted form, without the secret if it is blank.
 * @param {{workspace: Workspace, provider: 'smtp'|'webhook', id: string, title: string, purpose: string, summary: (settings: any) => string,
 *   fields: (settings: any, isSaved: boolean) => any, read: (form: FormData) => {settings: object, secret?: string}}} props
 */
export function OutgoingConnection({ workspace, provider, id, title, purpose, summary, fields, read }) {
	const connection = workspace.connections.find((candidate) => candidate.provider === provider);
	const [editing, setEditing] = useState(false);
	const collection = workspace.db.collection('connections');
	const { run, busy, error } = useAction(async (/** @type {FormData} */ form) => {
		const body = read(form);
		const saved = connection ? await collection.update(connection.id, body) : await collection.create({ provider, ...body });
		workspace.connections.put(/** @type {any} */ (saved));
		setEditing(false);
	});
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		run(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)));
	};
	const remove = async () => {
		if (!connection) return;
		await collection.delete(connection.id);
		workspace.connections.remove(connection.id);
	};
	return html`
		<section class="card" aria-labelledby=${`${id}-heading`}>
			<div class="card-head">
				<h2 id=${`${id}-heading`}>${title}</h2>
				<${ConnectionBadge} connection=${connection} />
			</div>
			<p>${connection ? summary(connection.settings ?? {}) : purpose}</p>
			${connection?.reason && html`<${Notice} kind=${connection.status === 'invalid' ? 'problem' : 'note'}>${connection.reason}</${Notice}>`}
			${editing ? html`
				<form onSubmit=${submit}>
					${fields(connection?.settings ?? {}, Boolean(connection))}
					<div class="actions">
						<${Button} type="submit" busy=${busy}>${busy ? 'Testing…' : 'Save'}</${Button}>
						<${Button} kind="quiet" onClick=${() => setEditing(false)}>Cancel</${Button}>
					</div>
					${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
				</form>` : html`
				<div class="actions">
					<${Button} kind="quiet" aria-label=${`${connection ? 'Change' : 'Add'}: ${title}`} onClick=${() => setEditing(true)}>${connection ? 'Change' : 'Add'}</${Button}>
					${connection && html`<${ConfirmButton} label="Remove" subject=${title} action=${remove} question="Remove these settings?" />`}
				</div>`}
		</section>`;
}
