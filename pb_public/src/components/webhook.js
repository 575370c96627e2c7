import { useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { Field } from './field.js';
import { OutgoingConnection } from './outgoing_connection.js';

/** The names of the events, as on the server. @type {Record<string, string>} */
const events = {
	'transfer.failed': 'A copy or an upload fails',
	'transfer.refetch_failed': 'A file could not be fetched again',
	'transfer.your_turn': 'A recording is ready for Loom',
	'link.mismatch': 'A Loom link leads to another video',
	'sync.failed': 'A sync fails',
	'key.refused': 'Fathom refuses the key',
	'schedule.stopped': 'A schedule stops',
	'webhook.lost': 'Fathom’s webhook is lost',
	'connection.failed': 'The mail server or the connection to Loom stops working',
	digest: 'The weekly summary',
};

/** The user's webhook. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function Webhook({ workspace }) {
	const [secret] = useState(newSecret);
	return html`<${OutgoingConnection} workspace=${workspace} provider="webhook" id="webhook" title="Webhook"
		purpose="Programs of yours can receive notifications as signed messages (Standard Webhooks)."
		summary=${(/** @type {any} */ settings) => `Sends to ${settings.url}.`}
		fields=${(/** @type {any} */ settings, /** @type {boolean} */ isSaved) => fields(settings, isSaved ? '' : secret)} read=${read} />`;
}

/** @param {any} settings @param {string} secret blank if one is saved */
function fields(settings, secret) {
	const chosen = settings.events?.length ? settings.events : Object.keys(events);
	return html`
		<${Field} id="webhook-url" label="Address" type="url" defaultValue=${settings.url ?? ''} placeholder="https://hooks.example.com/" required autocomplete="off" spellcheck=${false} />
		<${Field} id="webhook-secret" label="Signing secret" defaultValue=${secret} required=${Boolean(secret)} autocomplete="off" spellcheck=${false}
			hint=${secret ? 'Copy it to the receiver now; it is not shown again.' : 'Leave it blank to keep the saved one.'} />
		<fieldset class="choices">
			<legend>Events</legend>
			${Object.entries(events).map(([name, label]) => html`
				<label class="check-box" key=${name}><input type="checkbox" name="webhook-event" value=${name} defaultChecked=${chosen.includes(name)} /> ${label}</label>`)}
		</fieldset>`;
}

/** @param {FormData} form */
function read(form) {
	const secret = String(form.get('webhook-secret') ?? '').trim();
	const chosen = form.getAll('webhook-event').map(String);
	const settings = { url: String(form.get('webhook-url') ?? '').trim(), events: chosen.length === Object.keys(events).length ? [] : chosen };
	return { settings, ...(secret && { secret }) };
}

function newSecret() {
	return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;
}
