// The user's jobs: active ones in the order in which they run, then past ones.
import { useState } from '../../vendor/preact-hooks.js';
import { Button } from '../components/button.js';
import { ConfirmButton } from '../components/confirm_button.js';
import { JobRow } from '../components/job_row.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page_title.js';
import { Spinner } from '../components/spinner.js';
import { firstMessage } from '../lib/errors.js';
import { countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { isActive } from '../lib/job_status.js';
import { useAction } from '../lib/use_action.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/jobs.js').Jobs} Jobs */
/** @typedef {import('../data/types.js').Job} Job */

const pageSize = 50;
const statusOrder = ['processing', 'pending', 'failed'];

/** Names of several jobs of a kind. @type {Record<string, string>} */
const kindNames = { 'fathom.sync': 'syncs', 'recording.transfer': 'copies' };

/** @param {{workspace: Workspace}} props */
export function ActivityPage({ workspace }) {
	const { jobs, titles } = workspace;
	const hasLoaded = jobs.loaded.value && (titles.loaded.value || titles.error.value);
	const active = jobs.all.filter(isActive).sort(byQueueOrder(jobs));
	const past = jobs.all.filter((job) => !isActive(job)).sort((a, b) => b.finished_at.localeCompare(a.finished_at));
	return html`
		<div class="page">
			<div class="page-head">
				<div>
					<${PageTitle} title="Activity" />
				</div>
				<div class="actions">
					<${RetryAll} jobs=${jobs} failed=${past.filter((job) => job.status === 'dead').length} />
					${active.length > 1 && html`
						<${ConfirmButton} label="Cancel all" cancelLabel="Keep them" action=${() => jobs.cancelAll()}
							question=${`Cancel all ${countText(active.length, 'job')}? Videos that are already copied are kept.`} />`}
				</div>
			</div>
			<${Pause} jobs=${jobs} active=${active} />
			${jobs.error.value && html`<${Notice}>${jobs.error.value} <${Button} kind="link" onClick=${() => jobs.reload()}>Try again</${Button}></${Notice}>`}
			${!hasLoaded && !jobs.error.value && html`<${Spinner} label="Loading your activity" />`}
			${hasLoaded && html`
				<section class="jobs" aria-labelledby="active-heading">
					<h2 id="active-heading" aria-live="polite">${active.length ? countText(active.length, 'active job') : 'No active jobs'}</h2>
					${active.length
						? html`<${Rows} workspace=${workspace} jobs=${active} />`
						: html`<p class="muted">Syncs and copies appear here.</p>`}
				</section>`}
			${hasLoaded && past.length > 0 && html`
				<section class="jobs" aria-labelledby="past-heading">
					<h2 id="past-heading">Past jobs</h2>
					<${Rows} workspace=${workspace} jobs=${past} />
				</section>`}
		</div>`;
}

/**
 * Running jobs, then waiting ones by position, then those between two attempts.
 * @param {Jobs} jobs
 * @returns {(a: Job, b: Job) => number}
 */
const byQueueOrder = (jobs) => (a, b) => statusOrder.indexOf(a.status) - statusOrder.indexOf(b.status)
	|| (jobs.placeOf(a).position || Infinity) - (jobs.placeOf(b).position || Infinity) // scheduled jobs have none yet
	|| a.run_at.localeCompare(b.run_at) || a.id.localeCompare(b.id);

/** A notice if kinds of jobs that this user has are paused. @param {{jobs: Jobs, active: Job[]}} props */
function Pause({ jobs, active }) {
	const kinds = new Set(active.map((job) => job.kind).filter((kind) => jobs.isPaused(kind)));
	const isWhole = jobs.isPaused('*');
	if (!isWhole && !kinds.size) return null;
	const reason = [...kinds].map((kind) => jobs.pauseReason(kind)).find(Boolean);
	if (reason) return html`<${Notice} kind="note">${reason}</${Notice}>`;
	const paused = isWhole ? 'the queue' : [...kinds].map((kind) => kindNames[kind] ?? kind).join(' and ');
	return html`<${Notice} kind="note">The operator has paused ${paused}. Running jobs will finish; waiting jobs will start when the pause ends.</${Notice}>`;
}

/** @param {{jobs: Jobs, failed: number}} props */
function RetryAll({ jobs, failed }) {
	const [skipped, setSkipped] = useState(0);
	const { run, busy, error } = useAction(async () => setSkipped((await jobs.retryAll()).skipped));
	if (!failed) return null;
	return html`
		<${Button} kind="quiet" busy=${busy} onClick=${run}>${failed > 1 ? `Retry all ${countText(failed, 'failed job')}` : 'Retry failed job'}</${Button}>
		${skipped > 0 && html`<p class="hint" role="status">Skipped ${countText(skipped, 'job')}, because the same work is already waiting or running.</p>`}
		${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}`;
}

/** @param {{workspace: Workspace, jobs: Job[]}} props */
function Rows({ workspace, jobs }) {
	const [shown, setShown] = useState(pageSize);
	return html`
		<ul class="rows">
			${jobs.slice(0, shown).map((job) => html`<${JobRow} key=${job.id} workspace=${workspace} job=${job} />`)}
		</ul>
		${jobs.length > shown && html`
			<p class="more">
				<${Button} kind="quiet" onClick=${() => setShown(shown + pageSize)}>Show more</${Button}>
				<span class="muted">${shown} of ${countText(jobs.length, 'job')}</span>
			</p>`}`;
}
