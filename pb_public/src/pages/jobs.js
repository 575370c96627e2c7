// Everything that is done for this person: what runs, what waits, what has ended.
import { useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { AskFirst } from '../components/confirm_button.js';
import { Button, Notice, PageTitle, Spinner } from '../components/button.js';
import { anyMessage } from '../lib/errors.js';
import { count } from '../lib/format.js';
import { JobRow } from '../components/job_row.js';
import { isActive } from '../data/jobs.js';
import { useAction } from '../lib/use_action.js';
import { useTick } from '../lib/use_tick.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/jobs.js').Jobs} Jobs */
/** @typedef {import('../data/types.js').Job} Job */
/** @typedef {import('../data/types.js').Overview} Overview */

const step = 50; // rows shown at a time
const order = ['processing', 'pending', 'failed'];

/** @type {Record<string, string>} */
const works = { 'fathom.sync': 'syncs', 'recording.transfer': 'transfers' };

/** @param {{workspace: Workspace}} props */
export function JobsPage({ workspace }) {
	const { jobs } = workspace;
	const active = jobs.all.filter(isActive).sort(byTurn(jobs));
	const ended = jobs.all.filter((job) => !isActive(job)).sort((a, b) => b.finished_at.localeCompare(a.finished_at));
	const overview = jobs.overview.value;
	useTick(true, active.some((job) => job.status === 'failed') ? 1_000 : 10_000);
	return html`
		<div class="page">
			<div class="page-head">
				<div>
					<${PageTitle} title="Jobs" />
					${overview && html`<p class="muted">${queueText(overview)}</p>`}
				</div>
				<div class="actions">
					<${TryAll} jobs=${jobs} dead=${ended.filter((job) => job.status === 'dead').length} />
					${active.length > 1 && html`
						<${AskFirst} label="Cancel all" no="Keep them" work=${() => jobs.cancelAll()}
							question=${`Cancel all ${count(active.length, 'job')}? What has been copied already stays.`} />`}
				</div>
			</div>
			<${Pause} jobs=${jobs} active=${active} />
			${jobs.error.value && html`<${Notice}>${jobs.error.value} <${Button} kind="link" onClick=${() => jobs.reload()}>Try again</${Button}></${Notice}>`}
			${!jobs.loaded.value && !jobs.error.value && html`<${Spinner} label="Reading your jobs" />`}
			${jobs.loaded.value && html`
				<section class="jobs" aria-labelledby="active-heading">
					<h2 id="active-heading" aria-live="polite">${active.length ? count(active.length, 'active job') : 'Nothing waits or runs'}</h2>
					${active.length
						? html`<${Rows} workspace=${workspace} jobs=${active} />`
						: html`<p class="muted">Syncs and transfers you ask for appear here.</p>`}
				</section>`}
			${ended.length > 0 && html`
				<section class="jobs" aria-labelledby="ended-heading">
					<h2 id="ended-heading">Ended</h2>
					<${Rows} workspace=${workspace} jobs=${ended} />
				</section>`}
		</div>`;
}

/**
 * First what runs, then what waits for its turn, then what waits for another try.
 * @param {Jobs} jobs
 * @returns {(a: Job, b: Job) => number}
 */
const byTurn = (jobs) => (a, b) => order.indexOf(a.status) - order.indexOf(b.status)
	|| (jobs.placeOf(a).position || Infinity) - (jobs.placeOf(b).position || Infinity) // those not due come last
	|| a.run_at.localeCompare(b.run_at) || a.id.localeCompare(b.id);

/** @param {Overview} overview */
const queueText = ({ running, waiting }) => `${count(running, 'job is', 'jobs are')} running and ${count(waiting, 'waits', 'wait')}, over all people.`;

/** Says what the operator has paused, as far as it matters here. @param {{jobs: Jobs, active: Job[]}} props */
function Pause({ jobs, active }) {
	const kinds = new Set(active.map((job) => job.kind).filter((kind) => jobs.isPaused(kind)));
	const isWhole = jobs.isPaused('*');
	if (!isWhole && !kinds.size) return null;
	const what = isWhole ? 'the queue' : [...kinds].map((kind) => works[kind] ?? kind).join(' and ');
	return html`<${Notice} kind="note">The operator has paused ${what}. What runs goes on, and what waits begins by itself later.</${Notice}>`;
}

/** @param {{jobs: Jobs, dead: number}} props */
function TryAll({ jobs, dead }) {
	const [skipped, setSkipped] = useState(0);
	const { run, busy, error } = useAction(async () => setSkipped((await jobs.retryAll()).skipped));
	if (!dead) return null;
	return html`
		<${Button} kind="quiet" busy=${busy} onClick=${run}>${dead > 1 ? `Try all ${count(dead, 'failed', 'failed')} again` : 'Try the failed one again'}</${Button}>
		${skipped > 0 && html`<p class="hint" role="status">${count(skipped, 'job')} stayed, because the same is waiting or running.</p>`}
		${error && html`<${Notice}>${anyMessage(error)}</${Notice}>`}`;
}

/** @param {{workspace: Workspace, jobs: Job[]}} props */
function Rows({ workspace, jobs }) {
	const [shown, setShown] = useState(step);
	return html`
		<ul class="rows">
			${jobs.slice(0, shown).map((job) => html`<${JobRow} key=${job.id} workspace=${workspace} job=${job} />`)}
		</ul>
		${jobs.length > shown && html`
			<p class="more">
				<${Button} kind="quiet" onClick=${() => setShown(shown + step)}>Show more</${Button}>
				<span class="muted">${shown} of ${count(jobs.length, 'job')}</span>
			</p>`}`;
}
