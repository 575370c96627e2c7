import { clockText, countText, dayText, durationText, parseDate } from '../lib/format.js';
import { html } from '../lib/html.js';
import { attemptsIn, jobDetail, jobState, jobTitle } from '../lib/job_text.js';
import { nowFor } from '../lib/tick.js';
import { Badge } from './badge.js';
import { JobButton } from './job_button.js';
import { StorageLink } from './storage_link.js';

/** @typedef {import('../data/types.js').Job} Job */
/** @typedef {import('../data/types.js').Attempt} Attempt */

/** @type {Record<string, string>} */
const outcomes = {
	completed: 'Completed',
	failed: 'Failed',
	dead: 'Failed permanently',
	cancelled: 'Cancelled',
	interrupted: 'Interrupted by a server crash',
};

/** A job on the list, with its attempts. @param {{workspace: import('../data/workspace.js').Workspace, job: Job}} props */
export function JobRow({ workspace, job }) {
	const { title, href } = jobTitle(job, workspace.titleByRecording.value.get(job.payload?.recording_id));
	const isTransfer = job.kind === 'recording.transfer';
	const { tone, label, isYourTurn } = jobState(job, isTransfer ? workspace.transferOf(job.payload?.recording_id) : undefined);
	const { estimated_start: start, estimated_end: end } = workspace.jobs.queuePositionOf(job);
	const now = nowFor(start, end, job.run_at, job.finished_at);
	return html`
		<li class="row job" data-job=${job.id}>
			<div class="row-main">
				<div class="job-head" aria-live="polite" aria-atomic="true">
					<h3>${href ? html`<a href=${href}>${title}</a>` : title}</h3>
					<${Badge} tone=${tone} href=${isYourTurn ? href : undefined}>${label}</${Badge}>
				</div>
				<p class="muted">${jobDetail(job, workspace.jobs, now)}</p>
				${job.status === 'processing' && html`
					<progress aria-label=${`Progress of ${title}`} max="1" value=${job.progress || undefined} />`}
				${job.error && html`<p class="error">${job.error}<${StorageLink} reason=${job.error} /></p>`}
				<${Attempts} attempts=${attemptsIn(job.history)} />
			</div>
			<div class="row-side"><${JobButton} kind="quiet small" jobs=${workspace.jobs} job=${job} title=${title} /></div>
		</li>`;
}

/** @param {{attempts: Attempt[]}} props */
function Attempts({ attempts }) {
	if (!attempts.length) return null;
	return html`
		<details>
			<summary>${countText(attempts.length, 'attempt')}</summary>
			<ol class="attempts">
				${attempts.toReversed().map((attempt) => html`
					<li key=${attempt.started}>
						<p class="muted">${dayText(attempt.started)}, ${clockText(attempt.started)} · ${attemptDuration(attempt)}</p>
						<p>${outcomes[attempt.outcome] ?? attempt.outcome}.${attempt.error && ` ${attempt.error}`}</p>
					</li>`)}
			</ol>
		</details>`;
}

/** @param {Attempt} attempt */
function attemptDuration({ started, ended }) {
	const seconds = (Number(parseDate(ended)) - Number(parseDate(started))) / 1000;
	return durationText(Math.ceil(seconds)) || 'less than 1 s';
}
