import { useState } from '../../vendor/preact-hooks.js';
import { pb } from '../data/clients.js';
import { fieldError, firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { CheckBox } from './check_box.js';
import { Field } from './field.js';
import { Notice } from './notice.js';

/** @typedef {import('../data/types.js').SharedLink} SharedLink */

const day = 24 * 60 * 60 * 1000;

/**
 * Creates a link to each of some recordings, or changes one.
 * @param {{recordingIDs?: number[], link?: SharedLink, onSaved: (link: SharedLink) => void, onCancel: () => void}} props
 *   onSaved is called for each link
 */
export function SharedLinkForm({ recordingIDs = [], link, onSaved, onCancel }) {
	const [removing, setRemoving] = useState(false);
	const name = link?.id ?? 'new';
	const { run, busy, error } = useAction(async (/** @type {FormData} */ data) => {
		const days = Number(data.get(`link-days-${name}`));
		const password = String(data.get(`link-password-${name}`) ?? '');
		const shown = data.getAll(`link-shown-${name}`);
		const body = {
			title: shown.includes('title'), summary: shown.includes('summary'), transcript: shown.includes('transcript'),
			...(days > 0 && { expires: new Date(Date.now() + days * day).toISOString() }),
			...((password || removing) && { password: removing ? '' : password }),
		};
		if (link) onSaved(await pb.send(`/api/shares/${link.id}`, { method: 'PATCH', body }));
		for (const id of recordingIDs) onSaved(await pb.send('/api/shares', { method: 'POST', body: { recording_id: id, ...body } }));
	});
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		run(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)));
	};
	const passwordError = fieldError(error, 'password');
	/** @param {'title'|'summary'|'transcript'} part @param {string} label */
	const choice = (part, label) => html`
		<label class="check-box" key=${part}><input type="checkbox" name=${`link-shown-${name}`} value=${part} defaultChecked=${link ? link[part] : true} /> ${label}</label>`;
	return html`
		<form class="rule-form" aria-label=${link ? 'Change link' : 'New link'} onSubmit=${submit}>
			<fieldset>
				<legend>Shown beside the video</legend>
				${choice('title', 'Title and date')}
				${choice('summary', 'Summary and chapters')}
				${choice('transcript', 'Transcript and captions')}
			</fieldset>
			<div class="field">
				<label for=${`link-days-${name}`}>Expires after</label>
				<select id=${`link-days-${name}`} name=${`link-days-${name}`}>
					${link && html`<option value="0" selected>As before</option>`}
					<option value="1">A day</option>
					<option value="7">A week</option>
					<option value="30" selected=${!link}>30 days</option>
					<option value="365">A year</option>
				</select>
			</div>
			${link?.password && html`<${CheckBox} label="Remove the password" checked=${removing} onChange=${setRemoving} />`}
			${!removing && html`
				<${Field} id=${`link-password-${name}`} label=${link?.password ? 'New password' : 'Password'} type="text" minlength="8" maxlength="72" autocomplete="off"
					spellcheck=${false} error=${passwordError} hint=${link?.password ? 'Leave it blank to keep the present one.' : 'Optional, at least 8 characters.'} />`}
			${error && !passwordError && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
			<div class="actions">
				<${Button} type="submit" busy=${busy}>${link ? 'Save' : 'Create'}</${Button}>
				<${Button} kind="quiet" disabled=${busy} onClick=${onCancel}>Cancel</${Button}>
			</div>
		</form>`;
}
