import { firstMessage } from '../lib/errors.js';
import { daysText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { usePreference } from '../lib/use_preference.js';

const secondsPerDay = 86400;
const choices = [0, 1, 7, 30, 90, 365]; // days; 0 is for ever

/** How long the videos of delivered meetings are kept. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function Retention({ workspace: { preferences } }) {
	const { value, save, error, loaded } = usePreference(preferences, 'keep_recordings');
	const days = Number(value) || 0;
	return html`
		<div class="field">
			<label for="retention">Keep videos that are on Loom</label>
			<select id="retention" value=${String(days)} disabled=${!loaded} aria-describedby="retention-hint"
				onChange=${(/** @type {any} */ event) => save(Number(event.currentTarget.value) || undefined)}>
				${[...new Set([...choices, days])].map((choice) => html`
					<option key=${choice} value=${String(choice)}>${choice ? daysText(choice * secondsPerDay) : 'For ever'}</option>`)}
			</select>
			<p class="hint" id="retention-hint">After this time, the copy of a video that is stored here is deleted, also of those that were delivered before.
			Videos that are not on Loom yet, or whose link could not be checked, are kept.</p>
			${error && html`<p class="error" role="alert">${firstMessage(error)}</p>`}
		</div>`;
}
