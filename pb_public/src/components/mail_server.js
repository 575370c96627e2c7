import { html } from '../lib/html.js';
import { Field } from './field.js';
import { OutgoingConnection } from './outgoing_connection.js';

/** The user's own mail server. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function MailServer({ workspace }) {
	return html`<${OutgoingConnection} workspace=${workspace} provider="smtp" id="mail-server" title="Mail server"
		purpose="Notifications can be sent through a mail server of your own."
		summary=${(/** @type {any} */ settings) => `Sends from ${settings.from} through ${settings.host}, port ${settings.port}.`}
		fields=${fields} read=${read} />`;
}

/** @param {any} settings @param {boolean} isSaved */
function fields(settings, isSaved) {
	return html`
		<${Field} id="mail-host" label="Host" defaultValue=${settings.host ?? ''} placeholder="smtp.example.com" required autocomplete="off" spellcheck=${false} />
		<${Field} id="mail-port" label="Port" defaultValue=${settings.port ?? 587} inputmode="numeric" required autocomplete="off" hint="25, 465, 587 or 2525." />
		<div class="field">
			<label for="mail-security">Encryption</label>
			<select id="mail-security" name="mail-security">
				<option value="starttls" selected=${settings.security !== 'tls'}>STARTTLS</option>
				<option value="tls" selected=${settings.security === 'tls'}>TLS (usually port 465)</option>
			</select>
		</div>
		<${Field} id="mail-username" label="User name" defaultValue=${settings.username ?? ''} required autocomplete="off" spellcheck=${false} />
		<${Field} id="mail-password" label="Password" type="password" required=${!isSaved} autocomplete="new-password" hint=${isSaved ? 'Leave it blank to keep the saved one.' : ''} />
		<${Field} id="mail-from" label="Sender" defaultValue=${settings.from ?? ''} placeholder="ada@example.com" required autocomplete="off" spellcheck=${false} />`;
}

/** @param {FormData} form */
function read(form) {
	/** @param {string} name */
	const text = (name) => String(form.get(name) ?? '').trim();
	const settings = {
		host: text('mail-host'), port: Number(text('mail-port')), security: text('mail-security'), username: text('mail-username'), from: text('mail-from'),
	};
	return { settings, ...(text('mail-password') && { secret: text('mail-password') }) };
}
