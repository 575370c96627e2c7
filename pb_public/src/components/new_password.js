import { html } from '../lib/html.js';
import { Field } from './field.js';

/** The field for a new password. The hidden one tells password managers whose it is. @param {{id: string, email: string, error?: string}} props */
export function NewPassword({ id, email, error = '' }) {
	return html`
		<input type="email" autocomplete="username" value=${email} readOnly hidden />
		<${Field} id=${id} label="New password" type="password" required minlength="8" autocomplete="new-password" error=${error} hint="At least 8 characters." />`;
}
