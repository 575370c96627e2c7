// The words of the first steps: what the first sync is doing, and how far the first copy is.
import { countText } from './format.js';
import { waitText } from './wait_text.js';

/** @typedef {import('../data/types.js').Job} Job */
/** @typedef {import('./wait_text.js').Queue} Queue */

/**
 * What a sync is doing or why it waits, as a sentence.
 * @param {Job | undefined} job
 * @param {Queue} queue
 * @param {number} found the number of meetings here
 * @param {number} [now] milliseconds since the epoch
 */
export function syncText(job, queue, found, now = Date.now()) {
	if (!job) return 'Starting…';
	switch (job.status) {
		case 'pending':
		case 'failed': return [job.stage && sentence(job.stage), waitText(job, queue, now)].filter(Boolean).join(' ');
		case 'processing': return job.stage ? `Reading from Fathom: ${job.stage}.` : 'Asking Fathom for your meetings…';
		case 'dead': return job.error || 'The meetings could not be read.';
		case 'cancelled': return 'Reading the meetings was cancelled.';
		default: return endedText(job, found);
	}
}

/** @param {Job} job a completed sync @param {number} found */
function endedText(job, found) {
	const count = Math.max(found, job.result?.added ?? 0);
	if (!count) return 'Fathom shows no meetings to this key yet. Record one, or sync again later.';
	return `${countText(count, 'meeting')} found.`;
}

/** @param {string} text */
const sentence = (text) => `${text.replace(/^./, (first) => first.toUpperCase())}.`;

/** What has become of a copy, as a sentence. @param {import('./transfer_state.js').TransferState['phase']} phase of a copy that has ended */
export function copiedText(phase) {
	switch (phase) {
		case 'upload': return 'Copied. Your turn: upload it to Loom.';
		case 'done': return 'Copied, and on Loom.';
		default: return 'Copied.';
	}
}
