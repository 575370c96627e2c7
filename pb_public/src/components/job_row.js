import { clockText, countText, dayText, durationText, parseDate } from '../lib/format.js';
import { html } from '../lib/html.js';
import { isActive } from '../lib/job_status.js';
import { attemptsIn, endText, jobState, jobTitle } from '../lib/job_text.js';
import { nowFor } from '../lib/tick.js';
import { waitText, waitTimes } from '../lib/wait_text.js';
import { JobButton } from './job_button.js';
import { StateBadge } from './state_badge.js';
import { StorageLink } from './storage_link.js';
import { TransferProgress } from './transfer_progress.js';

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
	const { jobs } = workspace;
	const { title, href } = jobTitle(job, workspace.titleByRecording.value.get(job.payload?.recording_id));
	const transfer = job.kind === 'recording.transfer' ? workspace.transferOf(job.payload?.recording_id) : undefined;
	const now = nowFor(job.finished_at, ...waitTimes(job, jobs));
	const state = jobState(job, transfer, waitText(job, jobs, now));
	const isMoving = isActive(job) && state.phase === 'running';
	return html`
		<li class="row job" data-job=${job.id} data-keep=${`job ${job.id}`}>
			<div class="row-main">
				<div class="job-head">
					<h3 dir="auto">${href ? html`<a href=${href}>${title}</a>` : title}</h3>
					<${StateBadge} state=${state} href=${state.phase === 'upload' ? href : undefined} />
				</div>
				<p class="hidden" aria-live="polite">${`${title}: ${state.word}`}</p>
				${isMoving && html`<${TransferProgress} workspace=${workspace} transferID=${transfer?.id ?? ''} state=${state} name=${`Progress of ${title}`} />`}
				${!isMoving && isActive(job) && html`<p class="muted">${state.detail}</p>`}
				${!isMoving && !isActive(job) && html`<p class="muted">${endText(job, now)}</p>`}
				${!isMoving && job.status === 'processing' && html`<progress aria-label=${`Progress of ${title}`} max="1" value=${job.progress || undefined} />`}
				${job.status === 'dead' && html`<p class="error">${job.error}<${StorageLink} reason=${job.error} /></p>`}
				<${Attempts} attempts=${attemptsIn(job.history)} />
			</div>
			<div class="row-side"><${JobButton} kind="quiet small" jobs=${jobs} job=${job} title=${title} /></div>
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
