// What the page "Queue" says about a job.

/** @typedef {{attempt: number, worker?: string, started: string, ended: string, outcome: string, error?: string}} Attempt */
/** @typedef {{kind: string, payload?: {recording_id?: number} | null}} JobSubject */

/** @param {{attempts: number, max_attempts: number}} job */
export const attemptsText = (job) => `${job.attempts} / ${job.max_attempts}`;

/** What a job is about: a meeting by its title, as soon as it is known. @param {JobSubject} job @param {string} [title] */
export function subjectText(job, title) {
	const recording = job.payload?.recording_id;
	if (title) return title;
	return recording ? `Recording ${recording}` : '';
}

/** @type {Record<string, string>} */
const outcomes = {
	completed: 'Completed',
	failed: 'Failed, to be tried again',
	dead: 'Failed for good',
	cancelled: 'Cancelled',
	snoozed: 'Waited',
	held: 'Held by a pause',
	released: 'Interrupted: the server stopped',
	interrupted: 'Interrupted: the process crashed or hung',
};

/** @param {Attempt} attempt */
export const outcomeText = (attempt) => outcomes[attempt.outcome] ?? attempt.outcome;

/** How long an attempt took. @param {Attempt} attempt */
export function tookText({ started, ended }) {
	const seconds = (Date.parse(ended.replace(' ', 'T')) - Date.parse(started.replace(' ', 'T'))) / 1000;
	if (!(seconds >= 0)) return '';
	if (seconds < 10) return `${seconds.toFixed(1)} s`;
	if (seconds < 120) return `${Math.round(seconds)} s`;
	const minutes = Math.round(seconds / 60);
	return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
