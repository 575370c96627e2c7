import { fieldError, firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { usePreference } from '../lib/use_preference.js';
import { CheckBox } from './check_box.js';
import { EntriesField } from './entries_field.js';

/** @typedef {{enabled: boolean, people?: string[], teams?: string[]}} Others */

/** Whether calls that other people recorded are synced, and whose. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function SyncOthers({ workspace: { preferences } }) {
	const preference = usePreference(preferences, 'sync_others', { enabled: false });
	/** @type {Others} */
	const others = preference.value;
	/** @param {Partial<Others>} part */
	const change = (part) => preference.save({ ...others, ...part });
	const problem = preference.error && (fieldError(preference.error, 'value') || firstMessage(preference.error));
	return html`
		<div class="choices" role="group" aria-labelledby="others-heading">
			<h3 id="others-heading">Meetings of others</h3>
			<${CheckBox} label="Include meetings recorded by others" checked=${others.enabled} disabled=${!preference.loaded} onChange=${(/** @type {boolean} */ enabled) => change({ enabled })} />
			<p class="hint">Fathom lists the calls that were recorded outside your organization only by team or person. A change applies from the next sync.</p>
			${others.enabled && html`
				<${EntriesField} id="others-teams" label="Teams" entries=${others.teams ?? []} placeholder="Sales, Support"
					hint="Leave teams and people blank for all teams. Separate several by commas." onSave=${(/** @type {string[]} */ teams) => change({ teams })} />
				<${EntriesField} id="others-people" label="People" entries=${others.people ?? []} placeholder="bo@example.com"
					hint="E-mail addresses of people who record." onSave=${(/** @type {string[]} */ people) => change({ people })} />`}
			${problem && html`<p class="error" role="alert">${problem}</p>`}
		</div>`;
}
