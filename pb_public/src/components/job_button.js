// What its owner may do with a job: cancel it while it is active, and try it
// again when it was cancelled or given up.
import { html } from '../lib/html.js';
import { Button } from './button.js';
import { anyMessage } from '../lib/errors.js';
import { isActive } from '../data/jobs.js';
import { useAction } from '../lib/use_action.js';

/** @param {{jobs: import('../data/jobs.js').Jobs, job: import('../data/types.js').Job, what: string, kind?: string}} props */
export function JobButton({ jobs, job, what, kind = 'quiet' }) {
	const active = isActive(job);
	const { run, busy, error } = useAction(() => (active ? jobs.cancel(job.id) : jobs.retry(job.id)));
	if (job.status === 'completed') return null;
	const stopping = active && job.cancel_requested;
	const label = stopping ? 'Stopping…' : active ? 'Cancel' : 'Try again';
	return html`
		<${Button} kind=${kind} busy=${busy || stopping} aria-label=${`${label}: ${what}`} onClick=${run}>${label}</${Button}>
		${error && html`<span class="error" role="alert">${anyMessage(error)}</span>`}`;
}
