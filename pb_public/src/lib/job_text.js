// The wording of jobs: title, state, and position in the queue.
import { estimatedTimeText, nextAttemptText, relativeText } from './format.js';
import { meetingHref } from './router.js';

/** @typedef {import('../data/types.js').Job} Job */
/** @typedef {import('../data/types.js').Transfer} Transfer */

/**
 * The part of the queue that the texts depend on.
 * @typedef {object} Queue
 * @property {(job: Job) => import('../data/types.js').QueuePosition} queuePositionOf
 * @property {(kind: string) => boolean} isPaused
 * @property {(kind: string) => string} pauseReason sentences; blank if only the operator has paused the kind
 */

/**
 * @param {Job} job
 * @param {{id: string, title: string} | undefined} meeting the meeting that the job transfers, if known
 * @returns {{title: string, href?: string}}
 */
export function jobTitle({ kind, payload }, meeting) {
	if (kind === 'fathom.sync') return { title: payload?.full ? 'Sync all meetings' : 'Sync meetings' };
	if (kind === 'recordings.expire') return { title: 'Delete videos that are no longer kept' };
	if (kind === 'fathom.webhook') return { title: 'Update the webhook at Fathom' };
	if (kind === 'loom.find_videos') return { title: 'Look for your uploads at Loom' };
	if (kind === 'notice.send') return { title: 'Send notifications' };
	if (kind === 'fathom.parts' && !payload?.recording_id) return { title: 'Copy summaries and transcripts' };
	if (kind === 'fathom.parts') return { title: `Copy summary and transcript: ${meeting?.title || `recording ${payload.recording_id}`}`, ...(meeting && { href: meetingHref(meeting.id) }) };
	if (kind !== 'recording.transfer') return { title: kind };
	if (!meeting) return { title: `Transfer: recording ${payload?.recording_id}` };
	return { title: `Transfer: ${meeting.title || 'Untitled meeting'}`, href: meetingHref(meeting.id) };
}

/**
 * @param {Job} job
 * @param {Transfer} [transfer] of the recording that the job transfers, if known
 * @returns {{tone: 'plain'|'good'|'bad'|'active', label: string, isYourTurn?: boolean}}
 */
export function jobState({ kind, status, cancel_requested: isStopping }, transfer) {
	switch (status) {
		case 'processing': return { tone: 'active', label: isStopping ? 'Stopping' : 'Running' };
		case 'pending': return { tone: 'plain', label: 'Waiting' };
		case 'failed': return { tone: 'plain', label: 'Retrying' };
		case 'completed': return kind === 'recording.transfer' ? copiedState(transfer) : { tone: 'good', label: 'Completed' };
		case 'dead': return { tone: 'bad', label: 'Failed' };
		default: return { tone: 'plain', label: 'Cancelled' };
	}
}

/** A completed job has copied the video. It is done when the video is on Loom. @param {Transfer | undefined} transfer @returns {ReturnType<typeof jobState>} */
function copiedState(transfer) {
	switch (transfer?.status) {
		case 'delivered': return { tone: 'good', label: 'Done' };
		case 'stored': return { tone: 'good', label: 'Stored here' };
		case 'awaiting_share_url': return { tone: 'active', label: 'Copied · your turn: upload to Loom', isYourTurn: true };
		default: return { tone: 'plain', label: 'Copied' };
	}
}

/**
 * A sentence that adds to the state: the stage, the position, the next attempt or the end.
 * @param {Job} job
 * @param {Queue} queue
 * @param {number} [now] milliseconds since the epoch
 */
export function jobDetail(job, queue, now = Date.now()) {
	switch (job.status) {
		case 'processing': {
			const { estimated_end: end } = queue.queuePositionOf(job);
			return `${stageText(job)}${end ? `, done ${estimatedTimeText(end, now)}` : ''}.`;
		}
		case 'pending': return isBetweenRuns(job, queue) ? `${stageText(job)}. ${positionText(job, queue, now)}` : positionText(job, queue, now);
		case 'failed': return nextAttemptText(job.run_at, now);
		default: return `Ended ${relativeText(job.finished_at, now)}.`;
	}
}

/** @param {Job} job */
const stageText = (job) => (job.stage || 'starting').replace(/^./, (first) => first.toUpperCase());

/**
 * Reports whether a pending job has begun its work and waits until it can continue, for example for Fathom.
 * @param {Job} job
 * @param {Queue} queue
 */
export function isBetweenRuns(job, queue) {
	return Boolean(job.stage) && !queue.queuePositionOf(job).position && !queue.isPaused(job.kind);
}

/**
 * The position of a pending job in the queue and its estimated start.
 * @param {Job} job
 * @param {Queue} queue
 * @param {number} [now] milliseconds since the epoch
 */
export function positionText(job, queue, now = Date.now()) {
	if (queue.isPaused(job.kind)) return queue.pauseReason(job.kind) || 'Paused by the operator. It will start when the pause ends.';
	const { position, estimated_start: start } = queue.queuePositionOf(job);
	if (!position) return `${job.stage ? 'Continues' : 'Starts'} ${estimatedTimeText(job.run_at, now)}.`;
	return `${position > 1 ? `Position ${position}` : 'Next'} in the queue${start ? `, starts ${estimatedTimeText(start, now)}` : ''}.`;
}

/**
 * The runs in a job's history that count as attempts. A job that waits or that a server shutdown interrupts doesn't lose one.
 * @param {import('../data/types.js').Attempt[] | null} history
 */
export const attemptsIn = (history) => (history ?? []).filter(({ outcome }) => !['snoozed', 'held', 'released'].includes(outcome));
