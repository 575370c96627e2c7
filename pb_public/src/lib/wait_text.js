// Why a job waits, and until when.
import { parseDate, relativeText } from './format.js';

/** @typedef {import('../data/types.js').Job} Job */

/**
 * The part of the queue that the reasons depend on.
 * @typedef {object} Queue
 * @property {(job: Job) => import('../data/types.js').QueuePlace} placeOf
 * @property {(kind: string) => boolean} isPaused
 * @property {(kind: string) => string} pauseReason sentences; blank if only the operator has paused the kind
 * @property {(kind: string) => {reason: string, until: string} | undefined} holdOf
 */

/** What a transfer waits for while it is not only waiting: Fathom works on it. */
export const preparingText = 'Fathom is preparing the video.';

const near = 2_000; // milliseconds

/**
 * "Continues in 41 s", as a sentence.
 * @param {string} verb
 * @param {string} time
 * @param {number} now milliseconds since the epoch
 */
export function continuesText(verb, time, now) {
	const date = parseDate(time);
	if (!date || date.getTime() - now < near) return `${verb} in a moment.`;
	const seconds = Math.round((date.getTime() - now) / 1000);
	return `${verb} ${seconds < 60 ? `in ${seconds}\u00a0s` : relativeText(time, now)}.`;
}

/**
 * Why a pending or failed job doesn't run, and when it does if that is known; blank for other jobs.
 * @param {Job | undefined} job
 * @param {Queue} queue
 * @param {number} [now] milliseconds since the epoch
 */
export function waitText(job, queue, now = Date.now()) {
	if (job?.status === 'failed') return `${withoutPromise(job.error)} ${continuesText('Next attempt', job.run_at, now)}`.trim();
	if (job?.status !== 'pending') return '';
	if (queue.isPaused(job.kind)) return queue.pauseReason(job.kind) || 'The operator has paused this. It continues when the pause ends.';
	const isDue = (parseDate(job.run_at)?.getTime() ?? 0) <= now;
	if (!isDue) return [withoutPromise(job.error) || waitingFor(job.stage), continuesText(job.stage || job.error ? 'Continues' : 'Starts', job.run_at, now)].filter(Boolean).join(' ');
	const hold = job.stage ? undefined : queue.holdOf(job.kind);
	if (hold && Number(parseDate(hold.until)) > now) return `${hold.reason} ${continuesText('Continues', hold.until, now)}`.trim();
	return placeText(queue.placeOf(job));
}

/** The times on which the reason depends. @param {Job | undefined} job @param {Queue} queue */
export const waitTimes = (job, queue) => (job ? [job.run_at, queue.holdOf(job.kind)?.until] : []);

/** What a job waits for that has said nothing but its stage. @param {string} stage */
const waitingFor = (stage) => (stage === 'preparing download' ? preparingText : '');

/** The server's promise, which the time says better. @param {string} error */
const withoutPromise = (error) => error.replace(/ (This continues automatically|It will be retried automatically)\.$/, '');

/** @param {import('../data/types.js').QueuePlace} place */
function placeText({ position, ahead }) {
	if (position === 0) return 'Waits for a free slot.'; // it has none yet, or it isn't known
	if (position === 1) return 'Waits for a free slot. It is next.';
	if (ahead === 0) return `Waits for a free slot. It is number ${position} in the queue.`;
	if (ahead === position - 1) return `Waits for a free slot: ${ahead} of yours ${ahead === 1 ? 'is' : 'are'} ahead.`;
	return `Waits for a free slot. It is number ${position} in the queue; ${ahead} of yours ${ahead === 1 ? 'is' : 'are'} ahead.`;
}
