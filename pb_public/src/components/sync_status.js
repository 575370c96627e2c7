import { countText, relativeText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { isActive } from '../lib/job_status.js';
import { nowFor } from '../lib/tick.js';
import { waitText, waitTimes } from '../lib/wait_text.js';
import { CheckAllButton } from './check_all_button.js';
import { JobButton } from './job_button.js';
import { UnreadableMeetings } from './unreadable_meetings.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Job} Job */

/** The state of the last sync. @param {{workspace: Workspace}} props */
export function SyncStatus({ workspace }) {
	const job = workspace.jobs.lastSync;
	return html`
		<div class="sync-status">
			<div aria-live="polite">
				${job?.status === 'dead'
					? html`<p class="error">Last sync failed: ${job.error}</p>`
					: html`<p class="muted">${statusText(workspace.jobs, job)}</p>`}
			</div>
			${job && isActive(job) && html`<${JobButton} kind="link" jobs=${workspace.jobs} job=${job} title="Sync meetings" />`}
			${job && !isActive(job) && workspace.fathom && html`<${CheckAllButton} workspace=${workspace} />`}
			${job && html`<${UnreadableMeetings} workspace=${workspace} sync=${job} />`}
		</div>`;
}

/** @param {Workspace['jobs']} jobs @param {Job | undefined} job */
function statusText(jobs, job) {
	switch (job?.status) {
		case 'pending':
		case 'failed': {
			const reason = waitText(job, jobs, nowFor(...waitTimes(job, jobs)));
			return job.stage ? `Syncing with Fathom: ${job.stage}. ${reason}` : `The sync waits. ${reason}`;
		}
		case 'processing':
			return `Syncing with Fathom: ${job.stage || 'starting'}`;
		case 'completed':
			return `Synced ${relativeText(job.finished_at, nowFor(job.finished_at))} · ${changesText(job.result)}`;
		case 'cancelled':
			return 'Last sync cancelled.';
		default:
			return '';
	}
}

/** @typedef {{added?: number, updated?: number, withdrawn?: number} | null} Result */

/** @param {Result} result */
function changesText(result) {
	const changes = [
		result?.added ? countText(result.added, 'new meeting') : '',
		result?.updated ? `${result.updated} updated` : '',
		result?.withdrawn ? `${result.withdrawn} no longer at Fathom` : '',
	].filter(Boolean);
	return changes.join(', ') || 'no changes';
}
