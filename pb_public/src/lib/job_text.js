// Jobs in words: what one is, how it is, where it waits.
import { aboutText, nextTryText, relativeText } from './format.js';
import { meetingHref } from './router.js';

/** @typedef {import('../data/types.js').Job} Job */

/**
 * @param {import('../data/workspace.js').Workspace} workspace
 * @param {Job} job
 * @returns {{title: string, href?: string}}
 */
export function jobName(workspace, { kind, payload }) {
	if (kind === 'fathom.sync') return { title: payload?.full ? 'Sync all meetings' : 'Sync meetings' };
	if (kind !== 'recording.transfer') return { title: kind };
	const meeting = workspace.nameByRecording.value.get(payload?.recording_id);
	if (!meeting) return { title: `Transfer: recording ${payload?.recording_id}` };
	return { title: `Transfer: ${meeting.title || 'Untitled meeting'}`, href: meetingHref(meeting.id) };
}

/** @param {Job} job @returns {{tone: 'plain'|'good'|'bad'|'call', label: string}} */
export function jobState({ status, cancel_requested: isStopping }) {
	switch (status) {
		case 'processing': return { tone: 'call', label: isStopping ? 'Stopping' : 'Running' };
		case 'pending': return { tone: 'plain', label: 'Waiting' };
		case 'failed': return { tone: 'plain', label: 'Trying again' };
		case 'completed': return { tone: 'good', label: 'Done' };
		case 'dead': return { tone: 'bad', label: 'Failed' };
		default: return { tone: 'plain', label: 'Cancelled' };
	}
}

/** More on the state, as a sentence. @param {import('../data/jobs.js').Jobs} jobs @param {Job} job */
export function jobDetail(jobs, job) {
	switch (job.status) {
		case 'processing': {
			const { estimated_end: end } = jobs.placeOf(job);
			const stage = (job.stage || 'starting').replace(/^./, (first) => first.toUpperCase());
			return `${stage}${end ? `, done ${aboutText(end)}` : ''}.`;
		}
		case 'pending': return placeText(jobs, job);
		case 'failed': return nextTryText(job.run_at);
		default: return `Ended ${relativeText(job.finished_at)}.`;
	}
}

/**
 * Where a pending job is in the queue, and when it begins.
 * @param {import('../data/jobs.js').Jobs} jobs
 * @param {Job} job
 */
export function placeText(jobs, job) {
	if (jobs.isPaused(job.kind)) return 'The operator has paused this. It begins by itself later.';
	const { position, estimated_start: start } = jobs.placeOf(job);
	if (!position) return `Begins ${aboutText(job.run_at)}.`;
	return `${position > 1 ? `Number ${position}` : 'Next'} in the queue${start ? `, begins ${aboutText(start)}` : ''}.`;
}
