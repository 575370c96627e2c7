import { useEffect, useMemo, useState } from '../../vendor/preact-hooks.js';
import { pb } from '../data/clients.js';
import { LiveRecords } from '../data/live_records.js';
import { firstMessage } from '../lib/errors.js';
import { durationText, estimatedTimeText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { intervalOf, isSyncSchedule, scheduleChange, syncJob } from '../lib/sync_schedule.js';
import { nowFor } from '../lib/tick.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';

/** @typedef {import('../data/types.js').Schedule} Schedule */

/** Intervals in seconds. @type {Record<string, string>} */
const choices = { 0: 'Never', 3600: 'Every hour', 21600: 'Every 6 hours', 86400: 'Every day' };

/** The interval of automatic syncs. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function AutoSync({ workspace }) {
	const collection = pb.collection('job_schedules');
	/** @type {LiveRecords<Schedule>} */
	const schedules = useMemo(() => new LiveRecords(workspace.streams.global, 'job_schedules', () => collection.getFullList()), []);
	useEffect(() => {
		schedules.start();
		return () => schedules.stop();
	}, [schedules]);

	const schedule = schedules.find(isSyncSchedule);
	const [chosen, setChosen] = useState('');
	const { run, busy, error } = useAction(async (/** @type {number} */ every) => {
		if (!schedule && !every) {
			return;
		}
		const change = scheduleChange(every);
		const saved = schedule ? collection.update(schedule.id, change) : collection.create({ ...syncJob, ...change });
		schedules.put(/** @type {any} */ (await saved));
	});
	/** @param {any} event */
	const choose = (event) => {
		setChosen(event.currentTarget.value);
		run(Number(event.currentTarget.value));
	};

	const current = String(intervalOf(schedule));
	const isOn = current !== '0';
	const options = { ...choices, [current]: choices[current] ?? `Every ${durationText(Number(current))}` }; // another client may have set any interval
	const stopped = isOn && schedule?.stopped;
	const problem = error ? firstMessage(error) : schedules.error.value || schedule?.error;
	return html`
		<div class="field">
			<label for="auto-sync">Sync automatically</label>
			<select id="auto-sync" value=${busy ? chosen : current} disabled=${busy || !schedules.loaded.value} aria-describedby="auto-sync-hint" onChange=${choose}>
				${Object.entries(options).map(([seconds, label]) => html`<option key=${seconds} value=${seconds}>${label}</option>`)}
			</select>
			<p class="hint" id="auto-sync-hint" aria-live="polite">${isOn && !stopped && schedule?.next_run_at ? `Next sync ${estimatedTimeText(schedule.next_run_at, nowFor())}.` : ''}</p>
			${stopped && html`<p class="error" role="alert">${stopped} <${Button} kind="link" busy=${busy} onClick=${() => run(schedule.every)}>Resume</${Button}></p>`}
			${problem && html`<p class="error" role="alert">${problem}</p>`}
		</div>`;
}
