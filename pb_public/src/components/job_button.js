import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { isActive } from '../lib/job_status.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';

/**
 * Cancels an active job and retries a failed or cancelled one.
 * @param {{jobs: import('../data/jobs.js').Jobs, job: import('../data/types.js').Job, title: string, kind?: string}} props
 */
export function JobButton({ jobs, job, title, kind = 'quiet' }) {
	const active = isActive(job);
	const { run, busy, error } = useAction(() => (active ? jobs.cancel(job.id) : jobs.retry(job.id)), active ? 'Cancelled.' : 'It starts again.', () => {
		// A running job stops later, and can't be retried before.
		if (active && jobs.records.value.get(job.id)?.status === 'cancelled') return () => jobs.retry(job.id);
	});
	if (job.status === 'completed') return null;
	const stopping = active && job.cancel_requested;
	const label = stopping ? 'Stopping…' : active ? 'Cancel' : 'Retry';
	return html`
		<${Button} kind=${kind} busy=${busy || stopping} aria-label=${`${label}: ${title}`} onClick=${run}>${label}</${Button}>
		${error && html`<span class="error" role="alert">${firstMessage(error)}</span>`}`;
}
