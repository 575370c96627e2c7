import { pb } from '../data/clients.js';
import { fieldError, firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { useCopy } from '../lib/use_copy.js';
import { Button } from './button.js';
import { Field } from './field.js';
import { Notice } from './notice.js';

/** @typedef {import('../data/types.js').APIToken} APIToken */

/** What a token can allow. @type {[string, string][]} */
const scopes = [['read', 'Read meetings, transcripts and videos'], ['transfer', 'Start and cancel copies and syncs'], ['share', 'Create and revoke links to recordings']];

const day = 24 * 60 * 60 * 1000;

/** Creates a token. @param {{onCreated: (token: APIToken & {token: string}) => void, onCancel: () => void}} props */
export function TokenForm({ onCreated, onCancel }) {
	const { run, busy, error } = useAction(async (/** @type {FormData} */ data) => {
		const expires = new Date(Date.now() + Number(data.get('token-days')) * day).toISOString();
		onCreated(await pb.send('/api/tokens', { method: 'POST', body: { name: data.get('token-name'), scopes: data.getAll('token-scope'), expires } }));
	});
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		run(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)));
	};
	const nameError = fieldError(error, 'name');
	return html`
		<form class="rule-form" onSubmit=${submit}>
			<${Field} id="token-name" label="Token name" required maxlength="80" autocomplete="off" error=${nameError} hint="Such as the script that uses it." />
			<fieldset>
				<legend>What it may do</legend>
				${scopes.map(([scope, label]) => html`
					<label class="check-box" key=${scope}><input type="checkbox" name="token-scope" value=${scope} defaultChecked=${scope === 'read'} /> ${label}</label>`)}
			</fieldset>
			<div class="field">
				<label for="token-days">Expires after</label>
				<select id="token-days" name="token-days">
					<option value="30">30 days</option>
					<option value="90" selected>90 days</option>
					<option value="365">A year</option>
				</select>
			</div>
			${error && !nameError && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
			<div class="actions">
				<${Button} type="submit" busy=${busy}>Create</${Button}>
				<${Button} kind="quiet" disabled=${busy} onClick=${onCancel}>Cancel</${Button}>
			</div>
		</form>`;
}

/** The text of a new token, which the server doesn't show again. @param {{name: string, text: string}} props */
export function NewToken({ name, text }) {
	const { run, copied, error } = useCopy(text);
	return html`
		<div class="confirm" role="status">
			<${Field} id="new-token" label=${`Token “${name}”`} readonly value=${text} spellcheck=${false} autocomplete="off"
				onFocus=${(/** @type {any} */ event) => event.currentTarget.select()} hint="Copy it now. It is not shown again." />
			<div class="actions"><${Button} kind="quiet" onClick=${run}>${copied ? 'Copied' : 'Copy token'}</${Button}></div>
			${error && html`<${Notice}>Your browser doesn’t allow copying here. Select the token and copy it.</${Notice}>`}
		</div>`;
}
