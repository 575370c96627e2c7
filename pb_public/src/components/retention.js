import { useEffect, useMemo } from '../../vendor/preact-hooks.js';
import { LiveRecords } from '../data/live_records.js';
import { firstMessage } from '../lib/errors.js';
import { daysText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';

/** @typedef {import('../data/types.js').LiveRecord & {key: string, value: any}} Preference */

const key = 'keep_recordings';
const secondsPerDay = 86400;
const choices = [0, 1, 7, 30, 90, 365]; // days; 0 is for ever

/** How long the videos of delivered meetings are kept. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function Retention({ workspace: { db, streams } }) {
	const collection = db.collection('preferences');
	/** @type {LiveRecords<Preference>} */
	const preferences = useMemo(() => new LiveRecords(streams.database, 'preferences', () => collection.getFullList()), []);
	useEffect(() => {
		preferences.start();
		return () => preferences.stop();
	}, [preferences]);
	const saved = preferences.find((preference) => preference.key === key);
	const days = Number(saved?.value) || 0;
	const { run, busy, error } = useAction(async (/** @type {number} */ chosen) => {
		const value = chosen || null;
		preferences.put(/** @type {any} */ (await (saved ? collection.update(saved.id, { value }) : collection.create({ key, value }))));
	});
	return html`
		<div class="field">
			<label for="retention">Keep videos that are on Loom</label>
			<select id="retention" value=${String(days)} disabled=${busy || !preferences.loaded.value} aria-describedby="retention-hint"
				onChange=${(/** @type {any} */ event) => run(Number(event.currentTarget.value))}>
				${[...new Set([...choices, days])].map((choice) => html`
					<option key=${choice} value=${String(choice)}>${choice ? daysText(choice * secondsPerDay) : 'For ever'}</option>`)}
			</select>
			<p class="hint" id="retention-hint">After this time, the copy of a video that is stored here is deleted, also of those that were delivered before.
			Videos that are not on Loom yet, or whose link could not be checked, are kept.</p>
			${error && html`<p class="error" role="alert">${firstMessage(error)}</p>`}
		</div>`;
}
