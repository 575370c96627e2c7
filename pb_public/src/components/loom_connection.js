import { beginSignIn } from '../data/atlassian_sign_in.js';
import { firstMessage } from '../lib/errors.js';
import { relativeText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { abilityText, accountText, canOnlyRead, canUpload } from '../lib/loom_connection.js';
import { safeURL } from '../lib/safe_url.js';
import { nowFor } from '../lib/tick.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { ConfirmButton } from './confirm_button.js';
import { ExternalLink } from './external_link.js';
import { Field } from './field.js';
import { Notice } from './notice.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Connection} Connection */

/** A connection to Loom: with what it signs in, its state, and what can be done about that. @param {{workspace: Workspace, connection: Connection, onReplace: () => void}} props */
export function LoomConnection({ workspace, connection, onReplace }) {
	const { site, sites } = connection.details ?? {};
	const isOnly = (sites ?? []).length < 2; // otherwise the list to choose from shows it
	return html`
		<dl class="facts">
			<div><dt>Connected with</dt><dd>${accountText(connection)}</dd></div>
			${site && isOnly && html`<div><dt>Site</dt><dd>${site.name || site.url}</dd></div>`}
			<div><dt>Can</dt><dd>${abilityText(connection)}</dd></div>
			${connection.checked_at && html`<div><dt>Checked</dt><dd>${relativeText(connection.checked_at, nowFor(connection.checked_at))}</dd></div>`}
		</dl>
		<${State} workspace=${workspace} connection=${connection} />
		<${SiteChooser} workspace=${workspace} connection=${connection} />
		<${Actions} workspace=${workspace} connection=${connection} onReplace=${onReplace} />`;
}

/** What the last check found, and what to do. @param {{workspace: Workspace, connection: Connection}} props */
function State({ workspace, connection }) {
	const { status, reason, details } = connection;
	if (status === 'checking') return html`<p class="muted">Atlassian is asked what this connection can do.</p>`;
	const text = [details?.message, details?.advice].filter(Boolean).join(' ') || reason;
	if (!text) return canUpload(connection) && html`<p>Recordings are uploaded to Loom for you.</p>`;
	const link = safeURL(details?.link);
	return html`
		<${Notice} kind=${status === 'invalid' ? 'problem' : 'note'}>
			${text}${link && html`${' '}<${ExternalLink} href=${link}>Open ${new URL(link).host}</${ExternalLink}>`}
		</${Notice}>
		${!canUpload(connection) && status !== 'unchecked' && html`<p class="muted">${meanwhileText(workspace, connection)}</p>`}`;
}

/** What happens to transfers as long as a connection can't upload. @param {Workspace} workspace @param {Connection} connection */
function meanwhileText({ requiresLoom }, connection) {
	if (requiresLoom) return 'Until then, uploads to Loom fail.';
	return `Until then, you upload copied videos to Loom yourself.${canOnlyRead(connection) ? ' Its link is found by title and length.' : ''}`;
}

/** @param {{workspace: Workspace, connection: Connection}} props */
function SiteChooser({ workspace, connection }) {
	const sites = connection.details?.sites ?? [];
	const current = connection.details?.site?.id ?? '';
	const { run, busy, error } = useAction(async (/** @type {string} */ site) => {
		const settings = { ...connection.settings, site };
		workspace.connections.put(/** @type {any} */ (await workspace.db.collection('connections').update(connection.id, { settings })));
	});
	const isUnlisted = !sites.length && connection.details?.state === 'choose_site';
	if (isUnlisted) return html`<${SiteForm} site=${connection.settings?.site ?? ''} busy=${busy} error=${error} onSave=${run} />`;
	if (sites.length < 2) return null;
	return html`
		<div class="field">
			<label for="loom-sites">Atlassian site</label>
			<select id="loom-sites" value=${current} disabled=${busy || connection.status === 'checking'} onChange=${(/** @type {any} */ event) => run(event.currentTarget.value)}>
				${!current && html`<option value="">Choose a site</option>`}
				${sites.map(({ id, name, url }) => html`<option key=${id} value=${id}>${name || url}</option>`)}
			</select>
			${error && html`<p class="error" role="alert">${firstMessage(error)}</p>`}
		</div>`;
}

/** Asks for a site that Atlassian doesn't list. @param {{site: string, busy: boolean, error: any, onSave: (site: string) => void}} props */
function SiteForm({ site, busy, error, onSave }) {
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		onSave(String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('loom-site')).trim());
	};
	return html`
		<form onSubmit=${submit}>
			<${Field} id="loom-site" label="Atlassian site" required autocomplete="off" spellcheck=${false} placeholder="your-team.atlassian.net"
				defaultValue=${site} error=${error ? firstMessage(error) : ''} />
			<${Button} type="submit" kind="quiet" busy=${busy}>Use this site</${Button}>
		</form>`;
}

/** @param {{workspace: Workspace, connection: Connection, onReplace: () => void}} props */
function Actions({ workspace, connection, onReplace }) {
	const { db, connections } = workspace;
	const check = useAction(async () => connections.put(await db.send('/api/loom/check', { method: 'POST' })));
	const signIn = useAction(() => beginSignIn(workspace));
	const isBusy = check.busy || connection.status === 'checking';
	const isOAuth = connection.settings?.method === 'oauth';
	const isLost = connection.status === 'invalid' && connection.details?.state === 'reconnect';
	const error = check.error ?? signIn.error;
	return html`
		<div class="actions">
			${isLost && html`<${Button} busy=${signIn.busy} onClick=${isOAuth ? signIn.run : onReplace}>Connect again</${Button}>`}
			<${Button} kind="quiet" busy=${isBusy} onClick=${check.run}>${isBusy ? 'Checking…' : 'Check again'}</${Button}>
			<${Button} kind="quiet" aria-label="Change: Loom" onClick=${onReplace}>Change</${Button}>
			<${Disconnect} workspace=${workspace} connection=${connection} />
		</div>
		${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}`;
}

/** Removes a connection. @param {{workspace: Workspace, connection: Connection}} props */
export function Disconnect({ workspace: { db, connections, requiresLoom }, connection }) {
	const remove = async () => {
		await db.collection('connections').delete(connection.id);
		connections.remove(connection.id);
	};
	const consequence = requiresLoom ? 'Later transfers to Loom fail.' : 'You upload the files of later transfers yourself.';
	return html`
		<${ConfirmButton} label="Disconnect" subject="Loom" action=${remove} question=${`Disconnect Loom? Videos that are on Loom are kept. ${consequence}`} />`;
}
