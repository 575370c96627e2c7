import { fieldError, firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { usePreference } from '../lib/use_preference.js';
import { EntriesField } from './entries_field.js';

/** The addresses by which Fathom knows the user, for rules. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function MyEmails({ workspace: { preferences, user } }) {
	const preference = usePreference(preferences, 'my_emails', [user.email]);
	const { error } = preference;
	return html`
		<${EntriesField} id="my-emails" label="My e-mail addresses at Fathom" entries=${preference.value} disabled=${!preference.loaded}
			hint="Rules for meetings “recorded by me” apply to these. Separate several by commas."
			error=${error ? fieldError(error, 'value') || firstMessage(error) : ''}
			onSave=${(/** @type {string[]} */ emails) => preference.save(emails.length ? emails : undefined)} />`;
}
