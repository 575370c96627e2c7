import { useState } from '../../vendor/preact-hooks.js';
import { fieldError, firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Field } from './field.js';

const defaultTemplate = '{date} {time} {title}';

/** The time zone of dates in names, and the names of recordings. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function FileNames({ workspace }) {
	const { preferences } = workspace;
	const [saved, setSaved] = useState(false);
	const zone = useAction((/** @type {string} */ value) => preferences.save('time_zone', value || undefined));
	const name = useAction((/** @type {string} */ value) => preferences.save('file_name', value && value !== defaultTemplate ? value : undefined));
	/** @param {Event} event */
	const submit = async (event) => {
		event.preventDefault();
		setSaved(false);
		const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
		const zoneSaved = await zone.run(String(form.get('time-zone')).trim());
		const nameSaved = await name.run(String(form.get('file-name')).trim());
		setSaved(zoneSaved && nameSaved);
	};
	/** @param {any} error */
	const problem = (error) => (error ? fieldError(error, 'value') || firstMessage(error) : '');
	return html`
		<section class="card" aria-labelledby="names-heading">
			<h2 id="names-heading">Names of recordings</h2>
			${preferences.loaded.value && html`
				<form onSubmit=${submit} onInput=${() => setSaved(false)}>
					<${Field} id="file-name" label="File name" defaultValue=${preferences.get('file_name') ?? defaultTemplate} autocomplete="off" spellcheck=${false} error=${problem(name.error)}
						hint="{date}, {time}, {title}, {type}, {host} and {id} are replaced. Recordings that are stored already keep their names." />
					<${Field} id="time-zone" label="Time zone" defaultValue=${preferences.get('time_zone') ?? 'UTC'} list="time-zones" autocomplete="off" spellcheck=${false} error=${problem(zone.error)} />
					<datalist id="time-zones">${Intl.supportedValuesOf('timeZone').map((value) => html`<option key=${value} value=${value} />`)}</datalist>
					<div class="actions">
						<${Button} type="submit" kind="quiet" busy=${zone.busy || name.busy}>Save</${Button}>
						<span role="status">${saved && 'Saved.'}</span>
					</div>
				</form>`}
		</section>`;
}
