// The user's jobs: active ones in the order in which they run, then problems by their cause, then ended ones by day.
import { useState } from '../../vendor/preact-hooks.js';
import { Button } from '../components/button.js';
import { ConfirmButton } from '../components/confirm_button.js';
import { JobRow } from '../components/job_row.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page_title.js';
import { Problem } from '../components/problem.js';
import { Spinner } from '../components/spinner.js';
import { activityFilterIn, groups, shows, sortedJobs } from '../lib/activity_filter.js';
import { firstMessage } from '../lib/errors.js';
import { countText, recentDayText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { problemsIn } from '../lib/problems.js';
import { activityHref, navigate } from '../lib/router.js';
import { nowFor } from '../lib/tick.js';
import { useAction } from '../lib/use_action.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/jobs.js').Jobs} Jobs */
/** @typedef {import('../data/types.js').Job} Job */
/** @typedef {import('../lib/activity_filter.js').ActivityFilter} ActivityFilter */

const pageSize = 50;
const statusOrder = ['processing', 'pending', 'failed'];

/** Names of several jobs of a kind. @type {Record<string, string>} */
const kindNames = { 'fathom.sync': 'syncs', 'recording.transfer': 'copies' };

/** @param {{workspace: Workspace, query: string}} props */
export function ActivityPage({ workspace, query }) {
	const { jobs } = workspace;
	const filter = activityFilterIn(query);
	const hasLoaded = jobs.loaded.value;
	const { active, problems, ended } = sortedJobs(jobs.all, filter.group);
	active.sort(byQueueOrder(jobs));
	/** @param {keyof typeof shows} part */
	const isShown = (part) => hasLoaded && (filter.show === 'all' || filter.show === part);
	return html`
		<div class="page">
			<div class="page-head">
				<div><${PageTitle} title="Activity" /></div>
				<div class="actions">
					${active.length > 1 && filter.group === 'all' && html`
						<${ConfirmButton} label="Cancel all" cancelLabel="Keep them" action=${() => jobs.cancelAll()}
							question=${`Cancel all ${countText(active.length, 'job')}? Videos that are already copied are kept.`} />`}
				</div>
			</div>
			<${Filter} filter=${filter} counts=${{ active: active.length, problems: problems.length }} />
			<${Pause} jobs=${jobs} active=${active} />
			${jobs.error.value && html`<${Notice}>${jobs.error.value} <${Button} kind="link" onClick=${() => jobs.reload()}>Try again</${Button}></${Notice}>`}
			${!hasLoaded && !jobs.error.value && html`<${Spinner} label="Loading your activity" />`}
			${isShown('active') && html`
				<section class="jobs" aria-labelledby="active-heading">
					<h2 id="active-heading" aria-live="polite">${active.length ? countText(active.length, 'active job') : 'No active jobs'}</h2>
					${active.length
						? html`<${Rows} workspace=${workspace} jobs=${active} />`
						: html`<p class="muted">Syncs and copies appear here.</p>`}
				</section>`}
			${isShown('problems') && problemsIn(problems).map((problem) => html`<${Problem} key=${problem.key} workspace=${workspace} problem=${problem} />`)}
			${isShown('problems') && !problems.length && filter.show === 'problems' && html`<p class="muted">No problems.</p>`}
			${isShown('ended') && html`<${Ended} key=${filter.group} workspace=${workspace} group=${filter.group} jobs=${ended} isAlone=${filter.show === 'ended'} />`}
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

/** @param {{filter: ActivityFilter, counts: {active: number, problems: number}}} props */
function Filter({ filter, counts }) {
	const { show, group } = filter;
	return html`
		<div class="filters">
			<nav class="chips" aria-label="Show">
				${Object.entries(shows).map(([name, label]) => {
					const count = counts[/** @type {'active'} */ (name)];
					return html`
						<a key=${name} class="chip" href=${activityHref({ group, show: /** @type {any} */ (name) })} aria-current=${name === show ? 'true' : undefined}>
							${label}${count > 0 && html` <span class="count">${count.toLocaleString()}</span>`}
						</a>`;
				})}
			</nav>
			<label class="hidden" for="job-group">Jobs</label>
			<select id="job-group" value=${group} onChange=${(/** @type {any} */ event) => navigate(activityHref({ show, group: event.currentTarget.value }), { replace: true })}>
				${Object.entries(groups).map(([name, label]) => html`<option key=${name} value=${name}>${label}</option>`)}
			</select>
		</div>`;
}

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

/** @param {{workspace: Workspace, group: ActivityFilter['group'], jobs: Job[], isAlone: boolean}} props */
function Ended({ workspace, group, jobs, isAlone }) {
	const [shown, setShown] = useState(pageSize);
	const [first, setFirst] = useState(''); // the job before which no other ended; a later load may forget it
	const { run, busy, error } = useAction(async () => {
		if (shown >= jobs.length && !(await workspace.jobs.loadOlder(group))) setFirst(oldestOf(sortedJobs(workspace.jobs.all, group).ended));
		setShown(shown + pageSize);
	});
	const now = nowFor();
	const isWhole = !workspace.jobs.mayHaveOlder || first === oldestOf(jobs);
	if (!jobs.length && isWhole) return isAlone ? html`<p class="muted">Nothing has finished yet.</p>` : null;
	return html`
		${[...Map.groupBy(jobs.slice(0, shown), (job) => recentDayText(job.finished_at, now))].map(([day, ofDay]) => html`
			<section class="jobs" key=${day}>
				<h2>${day}</h2>
				<ul class="rows">${ofDay.map((job) => html`<${JobRow} key=${job.id} workspace=${workspace} job=${job} />`)}</ul>
			</section>`)}
		${!jobs.length && isAlone && html`<p class="muted">Nothing has finished lately.</p>`}
		${(jobs.length > shown || !isWhole) && html`
			<p class="more"><${Button} kind="quiet" busy=${busy} onClick=${run}>Show older</${Button}>${error && html`<span class="error">${firstMessage(error)}</span>`}</p>`}`;
}

/** @param {Job[]} jobs */
const oldestOf = (jobs) => jobs.at(-1)?.id ?? 'none';
