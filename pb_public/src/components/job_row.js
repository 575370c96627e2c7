// One job in the list: what it is, how it is, and what came of each attempt.
import { html } from '../lib/html.js';
import { Badge } from './button.js';
import { clockText, count, dayText, durationText, parseDate } from '../lib/format.js';
import { JobButton } from './job_button.js';
import { jobDetail, jobName, jobState } from '../lib/job_text.js';

/** @typedef {import('../data/types.js').Job} Job */
/** @typedef {import('../data/types.js').Attempt} Attempt */

/** @type {Record<string, string>} */
const outcomes = {
	completed: 'Done',
	failed: 'Failed',
	dead: 'Failed for good',
	cancelled: 'Cancelled',
	snoozed: 'Put off',
	released: 'Interrupted, because the server stopped',
	interrupted: 'Interrupted, because the server crashed',
};

/** @param {{workspace: import('../data/workspace.js').Workspace, job: Job}} props */
export function JobRow({ workspace, job }) {
	const { title, href } = jobName(workspace, job);
	const { tone, label } = jobState(job);
	return html`
		<li class="row job">
			<div class="row-main">
				<div class="job-head" aria-live="polite" aria-atomic="true">
					<h3>${href ? html`<a href=${href}>${title}</a>` : title}</h3>
					<${Badge} tone=${tone}>${label}</${Badge}>
				</div>
				<p class="muted">${jobDetail(workspace.jobs, job)}</p>
				${job.status === 'processing' && html`
					<progress aria-label=${`Progress of ${title}`} max="1" value=${job.progress || undefined} />`}
				${job.error && html`<p class="error">${job.error}</p>`}
				<${Attempts} history=${job.history ?? []} />
			</div>
			<div class="row-side"><${JobButton} kind="quiet small" jobs=${workspace.jobs} job=${job} what=${title} /></div>
		</li>`;
}

/** @param {{history: Attempt[]}} props */
function Attempts({ history }) {
	if (!history.length) return null;
	return html`
		<details>
			<summary>${count(history.length, 'attempt')}</summary>
			<ol class="attempts">
				${history.toReversed().map((attempt) => html`
					<li key=${attempt.started}>
						<p class="muted">${dayText(attempt.started)}, ${clockText(attempt.started)} · ${lengthText(attempt)}</p>
						<p>${outcomes[attempt.outcome] ?? attempt.outcome}.${attempt.error && ` ${attempt.error}`}</p>
					</li>`)}
			</ol>
		</details>`;
}

/** @param {Attempt} attempt */
function lengthText({ started, ended }) {
	const seconds = (Number(parseDate(ended)) - Number(parseDate(started))) / 1000;
	return durationText(Math.ceil(seconds)) || 'no time';
}
