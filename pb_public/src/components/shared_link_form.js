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
 * Creates a link to a recording, or changes one.
 * @param {{recordingID: number, link?: SharedLink, onSaved: (link: SharedLink) => void, onCancel: () => void}} props
 */
export function SharedLinkForm({ recordingID, link, onSaved, onCancel }) {
	const [removing, setRemoving] = useState(false);
	const id = link?.id ?? 'new';
	const { run, busy, error } = useAction(async (/** @type {FormData} */ data) => {
		const days = Number(data.get(`link-days-${id}`));
		const password = String(data.get(`link-password-${id}`) ?? '');
		const shown = data.getAll(`link-shown-${id}`);
		const body = {
			title: shown.includes('title'), summary: shown.includes('summary'), transcript: shown.includes('transcript'),
			...(days > 0 && { expires: new Date(Date.now() + days * day).toISOString() }),
			...((password || removing) && { password: removing ? '' : password }),
		};
		onSaved(link
			? await pb.send(`/api/shares/${link.id}`, { method: 'PATCH', body })
			: await pb.send('/api/shares', { method: 'POST', body: { recording_id: recordingID, ...body } }));
	});
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		run(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)));
	};
	const passwordError = fieldError(error, 'password');
	/** @param {'title'|'summary'|'transcript'} part @param {string} label */
	const choice = (part, label) => html`
		<label class="check-box" key=${part}><input type="checkbox" name=${`link-shown-${id}`} value=${part} defaultChecked=${link ? link[part] : true} /> ${label}</label>`;
	return html`
		<form class="rule-form" aria-label=${link ? 'Change link' : 'New link'} onSubmit=${submit}>
			<fieldset>
				<legend>Shown beside the video</legend>
				${choice('title', 'Title and date')}
				${choice('summary', 'Summary and chapters')}
				${choice('transcript', 'Transcript and captions')}
			</fieldset>
			<div class="field">
				<label for=${`link-days-${id}`}>Expires after</label>
				<select id=${`link-days-${id}`} name=${`link-days-${id}`}>
					${link && html`<option value="0" selected>As before</option>`}
					<option value="1">A day</option>
					<option value="7">A week</option>
					<option value="30" selected=${!link}>30 days</option>
					<option value="365">A year</option>
				</select>
			</div>
			${link?.password && html`<${CheckBox} label="Remove the password" checked=${removing} onChange=${setRemoving} />`}
			${!removing && html`
				<${Field} id=${`link-password-${id}`} label=${link?.password ? 'New password' : 'Password'} type="text" minlength="8" maxlength="72" autocomplete="off"
					spellcheck=${false} error=${passwordError} hint=${link?.password ? 'Leave it blank to keep the present one.' : 'Optional, at least 8 characters.'} />`}
			${error && !passwordError && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
			<div class="actions">
				<${Button} type="submit" busy=${busy}>${link ? 'Save' : 'Create'}</${Button}>
				<${Button} kind="quiet" disabled=${busy} onClick=${onCancel}>Cancel</${Button}>
			</div>
		</form>`;
}
