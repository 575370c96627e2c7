// Reading the list of meetings from Fathom: the button and what came of it.
import { html } from '../lib/html.js';
import { Button, Notice } from './button.js';
import { anyMessage } from '../lib/errors.js';
import { count, nextTryText, relativeText } from '../lib/format.js';
import { Sync } from './icons.js';
import { JobButton } from './job_button.js';
import { isActive } from '../data/jobs.js';
import { placeText } from '../lib/job_text.js';
import { useAction } from '../lib/use_action.js';
import { useTick } from '../lib/use_tick.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Job} Job */

/** @param {{workspace: Workspace, kind?: 'primary'|'quiet'}} props */
export function SyncButton({ workspace, kind = 'quiet' }) {
	const { run, busy, error } = useAction(() => workspace.jobs.sync());
	const active = isActive(workspace.jobs.lastSync);
	return html`
		<div class="sync">
			<${Button} kind=${kind} busy=${busy || active} onClick=${run}><${Sync} />${active ? 'Syncing…' : 'Sync meetings'}</${Button}>
			${error && html`<${Notice}>${anyMessage(error)}</${Notice}>`}
		</div>`;
}

/** @param {{workspace: Workspace}} props */
export function SyncState({ workspace }) {
	const job = workspace.jobs.lastSync;
	useTick(true, job?.status === 'failed' ? 1_000 : 20_000);
	return html`
		<div class="sync-state">
			<div aria-live="polite">
				${job?.status === 'dead'
					? html`<p class="error">The last sync failed: ${job.error}</p>`
					: html`<p class="muted">${words(workspace.jobs, job)}</p>`}
			</div>
			${job && isActive(job) && html`<${JobButton} kind="link" jobs=${workspace.jobs} job=${job} what="Sync meetings" />`}
		</div>`;
}

/** @param {Workspace['jobs']} jobs @param {Job | undefined} job */
function words(jobs, job) {
	switch (job?.status) {
		case 'pending':
			return `The sync waits. ${placeText(jobs, job)}`;
		case 'processing':
			return `Reading from Fathom: ${job.stage || 'starting'}`;
		case 'failed':
			return `${job.error} ${nextTryText(job.run_at)}`;
		case 'completed':
			return `Synced ${relativeText(job.finished_at)}${news(job.result)}`;
		case 'cancelled':
			return 'The last sync was cancelled.';
		default:
			return '';
	}
}

/** @param {{added?: number, updated?: number} | null} result */
function news(result) {
	const parts = [
		result?.added ? `${count(result.added, 'new meeting')}` : '',
		result?.updated ? `${result.updated} changed` : '',
	].filter(Boolean);
	return parts.length ? ` · ${parts.join(', ')}` : ' · nothing new';
}
