import { html } from '../lib/html.js';
import { isActive } from '../lib/job_status.js';
import { attemptsIn, endText, jobState, jobTitle } from '../lib/job_text.js';
import { nowFor } from '../lib/tick.js';
import { stepsOf } from '../lib/transfer_state.js';
import { waitText, waitTimes } from '../lib/wait_text.js';
import { Attempts } from './attempts.js';
import { JobButton } from './job_button.js';
import { StateBadge } from './state_badge.js';
import { Steps } from './steps.js';
import { TransferProgress } from './transfer_progress.js';

/**
 * A job on the list, with its attempts.
 * @param {{workspace: import('../data/workspace.js').Workspace, job: import('../data/types.js').Job, cause?: string}} props
 *   cause is what is said about a failed job already
 */
export function JobRow({ workspace, job, cause }) {
	const { jobs } = workspace;
	const { title, href } = jobTitle(job, workspace.lookup.get(job.payload?.recording_id));
	const transfer = job.kind === 'recording.transfer' ? workspace.transferOf(job.payload?.recording_id) : undefined;
	const now = nowFor(job.finished_at, ...waitTimes(job, jobs));
	const state = jobState(job, transfer, waitText(job, jobs, now));
	const isMoving = isActive(job) && state.phase === 'running';
	return html`
		<li class="row job" data-job=${job.id} data-keep=${`job ${job.id}`}>
			<div class="row-main">
				<div class="job-head">
					<h3 dir="auto">${href ? html`<a href=${href}>${title}</a>` : title}</h3>
					${cause === undefined && html`<${StateBadge} state=${state} href=${state.phase === 'upload' ? href : undefined} />`}
				</div>
				<p class="hidden" aria-live="polite">${`${title}: ${state.word}`}</p>
				${isMoving && html`
					<${Steps} titles=${stepsOf(transfer, job)} step=${state.step ?? 0} />
					<${TransferProgress} workspace=${workspace} transferID=${transfer?.id ?? ''} state=${state} name=${`Progress of ${title}`} />`}
				${!isMoving && isActive(job) && html`<p class="muted">${state.detail}</p>`}
				${!isMoving && !isActive(job) && html`<p class="muted">${endText(job, now)}</p>`}
				${!isMoving && job.status === 'processing' && html`<progress aria-label=${`Progress of ${title}`} max="1" value=${job.progress || undefined} />`}
				${cause !== undefined && !job.error.startsWith(cause) && html`<p class="error">${job.error}</p>`}
				<${Attempts} attempts=${attemptsIn(job.history)} />
			</div>
			<div class="row-side"><${JobButton} kind="quiet small" jobs=${jobs} job=${job} title=${title} /></div>
		</li>`;
}
