// The wording of jobs: their title, state and detail.
import { relativeText } from './format.js';
import { titleText } from './meeting_title.js';
import { meetingHref } from './router.js';
import { shown, transferState } from './transfer_state.js';

/** @typedef {import('../data/types.js').Job} Job */
/** @typedef {import('../data/types.js').Transfer} Transfer */
/** @typedef {import('./transfer_state.js').ShownState} ShownState */
/** @typedef {ShownState & Partial<import('./transfer_state.js').TransferState>} JobState the state of a job; of a transfer's, the same as of the transfer */

/**
 * @param {Job} job
 * @param {{id: string, title: string} | undefined} meeting the meeting that the job copies, if known
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
	if (!meeting) return { title: `Recording ${payload?.recording_id}` };
	return { title: titleText(meeting.title), href: meetingHref(meeting.id) };
}

const running = shown('Running', 'moving', 'copy');
const waiting = shown('Waiting', 'waiting', 'clock');
const done = shown('Done', 'good', 'check');
const copied = shown('Copied', 'kept', 'box');
const problem = shown('Problem', 'bad', 'alert');
const cancelled = shown('Cancelled', 'plain', 'cross');

/**
 * @param {Job} job
 * @param {Transfer} [transfer] of the recording that the job copies, if known
 * @param {string} [reason] why the job waits, in sentences
 * @returns {JobState}
 */
export function jobState(job, transfer, reason = '') {
	switch (job.status) {
		case 'dead': return { ...problem, detail: job.error };
		case 'cancelled': return cancelled;
		case 'completed': return job.kind === 'recording.transfer' ? copiedState(job, transfer) : done;
	}
	if (job.kind === 'recording.transfer') return transferState(transfer?.job === job.id ? transfer : undefined, job, reason);
	const detail = [job.stage && sentence(job.stage), reason].filter(Boolean).join(' ');
	return { ...(job.status === 'processing' ? running : waiting), detail };
}

/** A completed job has copied the video. It is on Loom when the user, or the server, has uploaded it. @param {Job} job @param {Transfer | undefined} transfer @returns {JobState} */
function copiedState(job, transfer) {
	const isLatest = transfer?.job === job.id;
	const hasEnded = transfer && ['delivered', 'stored', 'awaiting_share_url'].includes(transfer.status);
	return isLatest || hasEnded ? transferState(transfer, job) : copied;
}

/** @param {string} stage */
const sentence = (stage) => `${stage.replace(/^./, (first) => first.toUpperCase())}.`;

/**
 * When a job ended; blank while it is active.
 * @param {Job} job
 * @param {number} [now] milliseconds since the epoch
 */
export const endText = (job, now = Date.now()) => (job.finished_at ? `Ended ${relativeText(job.finished_at, now)}.` : '');

/**
 * The runs in a job's history that count as attempts. A job that waits or that a server shutdown interrupts doesn't lose one.
 * @param {import('../data/types.js').Attempt[] | null} history
 */
export const attemptsIn = (history) => (history ?? []).filter(({ outcome }) => !['snoozed', 'held', 'released'].includes(outcome));
