import { useLayoutEffect, useRef, useState } from '../../vendor/preact-hooks.js';
import { beginSignIn, forgetSignIn } from '../data/atlassian_sign_in.js';
import { fieldError, firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { methods, signInObstacle } from '../lib/loom_connection.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { ExternalLink } from './external_link.js';
import { Field } from './field.js';
import { Notice } from './notice.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../lib/loom_connection.js').Method} Method */
/** @typedef {{workspace: Workspace, connection?: import('../data/types.js').Connection, onDone: () => void}} Props */

// Preselects the app and the scopes that Atlassian's MCP server accepts.
const tokenPage = 'https://id.atlassian.com/manage-profile/security/api-tokens?autofillToken&expiryDays=max&appId=mcp-v2&selectedScopes=all';

/** The ways to connect Loom, one of which is shown. @param {Props} props */
export function LoomConnect({ workspace, connection, onDone }) {
	const [method, setMethod] = useState(/** @type {Method} */ (connection?.settings?.method ?? 'token'));
	const root = useRef(/** @type {HTMLElement | null} */ (null));
	useLayoutEffect(() => {
		/** @type {HTMLElement | null | undefined} */ (root.current?.querySelector('input:checked'))?.focus();
	}, []);
	return html`
		<div class="loom-connect" ref=${root}>
			<p>Uploads use Atlassian’s official MCP server. Nobody has tried that with this program and a real account
			yet${!workspace.requiresLoom && '; if it fails, you still get each file to upload yourself'}.</p>
			<fieldset class="choices">
				<legend>How to connect</legend>
				${Object.entries(methods).map(([value, label]) => html`
					<label class="check-box" key=${value}>
						<input type="radio" name="loom-method" value=${value} checked=${method === value} onChange=${() => setMethod(/** @type {Method} */ (value))} />
						<span>${label}${value === 'token' && html`<span class="muted"> (recommended)</span>`}</span>
					</label>`)}
			</fieldset>
			${method === 'oauth'
				? html`<${SignIn} workspace=${workspace} onDone=${onDone} />`
				: html`<${KeyForm} key=${method} workspace=${workspace} connection=${connection} method=${method} onDone=${onDone} />`}
		</div>`;
}

/** @param {Props & {method: 'token'|'service_account'}} props */
function KeyForm({ workspace, connection, method, onDone }) {
	const collection = workspace.db.collection('connections');
	const { run, busy, error } = useAction(async (/** @type {FormData} */ form) => {
		/** @param {string} name */
		const text = (name) => String(form.get(name) ?? '').trim();
		const settings = { method, ...(method === 'token' && { email: text('loom-email') }), site: text('loom-site') };
		const body = { secret: text('loom-secret'), settings };
		const saved = connection ? await collection.update(connection.id, body) : await collection.create({ provider: 'loom', ...body });
		workspace.connections.put(/** @type {any} */ (saved));
		forgetSignIn();
		onDone();
	});
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		run(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)));
	};
	const isToken = method === 'token';
	const secretError = error ? fieldError(error, 'secret') : '';
	const known = connection?.settings;
	return html`
		<form onSubmit=${submit}>
			${isToken ? html`<${TokenHelp} />` : html`<${ServiceAccountHelp} />`}
			${isToken && html`
				<${Field} id="loom-email" label="E-mail address at Atlassian" type="email" required autocomplete="off" spellcheck=${false}
					defaultValue=${known?.email ?? workspace.user.email} />`}
			<${Field} id="loom-secret" label=${methods[method]} type="password" required autocomplete="off" spellcheck=${false} error=${secretError} />
			<${Field} id="loom-site" label="Atlassian site (optional)" autocomplete="off" spellcheck=${false} placeholder="your-team.atlassian.net"
				defaultValue=${known?.method === method ? known.site ?? '' : ''} hint="If you have several sites, you can also choose one afterwards." />
			${error && !secretError && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
			<div class="actions">
				<${Button} type="submit" busy=${busy}>${busy ? 'Connecting…' : 'Connect'}</${Button}>
				<${Button} kind="quiet" onClick=${onDone}>Cancel</${Button}>
			</div>
		</form>`;
}

const TokenHelp = () => html`
	<p><${ExternalLink} href=${tokenPage}>Create an API token at Atlassian</${ExternalLink}> for the app <strong>Rovo MCP V2</strong> with all
	scopes, as the link preselects. Needed are <code>read:me</code>, <code>read:account</code>, <code>read:loom:agent-interface</code>
	${' '}and <code>write:loom:agent-interface</code>. Tokens of other apps don’t work. They expire after a year at most.</p>
	<p>An organization admin must allow API tokens under Rovo → Rovo MCP server → Authentication.</p>`;

const ServiceAccountHelp = () => html`
	<p>An organization admin creates service accounts and their API keys in <${ExternalLink} href="https://admin.atlassian.com">Atlassian
	Administration</${ExternalLink}>. The key needs the Loom scopes for reading and writing. Organization API keys don’t work.</p>
	<p>The service account owns the videos that it uploads. Let your workspace watch them, or you can’t either.</p>`;

/** @param {{workspace: Workspace, onDone: () => void}} props */
function SignIn({ workspace, onDone }) {
	const { run, busy, error } = useAction(() => beginSignIn(workspace));
	const obstacle = signInObstacle(location);
	return html`
		<div class="loom-connect">
			${obstacle.text && html`<${Notice} kind="note">${obstacle.text}</${Notice}>`}
			${obstacle.isPossible && html`<p>You sign in on Atlassian’s page, allow access to one site, and return here.</p>`}
			<div class="actions">
				${obstacle.isPossible && html`
					<${Button} kind=${obstacle.isLocal ? 'primary' : 'quiet'} busy=${busy} onClick=${run}>${busy ? 'Opening Atlassian…' : 'Connect Atlassian'}</${Button}>`}
				<${Button} kind="quiet" onClick=${onDone}>Cancel</${Button}>
			</div>
			${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
		</div>`;
}
