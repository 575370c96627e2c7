// What the activity page shows, as its address says.
import { isActive } from './job_status.js';

/** @typedef {import('../data/types.js').Job} Job */

/** @typedef {'all'|'active'|'problems'|'ended'} Show */
/** @typedef {'all'|'copies'|'syncs'|'other'} JobGroup */
/** @typedef {{show: Show, group: JobGroup}} ActivityFilter */

/** @type {Record<Show, string>} */
export const shows = { all: 'All', active: 'In progress', problems: 'Problems', ended: 'Finished' };

/** @type {Record<JobGroup, string>} */
export const groups = { all: 'Everything', copies: 'Copies', syncs: 'Syncs', other: 'Other jobs' };

/** @param {string} query of an address @returns {ActivityFilter} */
export function activityFilterIn(query) {
	const params = new URLSearchParams(query);
	const [show, group] = [params.get('show') ?? '', params.get('jobs') ?? ''];
	return { show: Object.hasOwn(shows, show) ? /** @type {Show} */ (show) : 'all', group: Object.hasOwn(groups, group) ? /** @type {JobGroup} */ (group) : 'all' };
}

/** @param {ActivityFilter} filter @returns {string} the query of an address; blank for everything */
export function activityQuery({ show, group }) {
	return String(new URLSearchParams({ ...(show !== 'all' && { show }), ...(group !== 'all' && { jobs: group }) }));
}

/** The kinds of the groups that have some of their own. */
const kinds = { copies: ['recording.transfer', 'fathom.parts'], syncs: ['fathom.sync'] };

/** @param {Job} job @returns {JobGroup} */
function groupOf({ kind }) {
	if (kinds.copies.includes(kind)) return 'copies';
	return kinds.syncs.includes(kind) ? 'syncs' : 'other';
}

/** A filter of the server for the jobs of a group; blank for all jobs. @param {JobGroup} group */
export function groupFilter(group) {
	if (group === 'all') return '';
	if (group === 'other') return Object.values(kinds).flat().map((kind) => `kind != "${kind}"`).join(' && ');
	return `(${kinds[group].map((kind) => `kind = "${kind}"`).join(' || ')})`;
}

/** @param {Job} job @returns {Show} */
function showOf(job) {
	if (isActive(job)) return 'active';
	return job.status === 'dead' ? 'problems' : 'ended';
}

/** The jobs of a group, by where they are shown. @param {readonly Job[]} jobs @param {JobGroup} group */
export function sortedJobs(jobs, group) {
	/** @type {Record<'active'|'problems'|'ended', Job[]>} */
	const sorted = { active: [], problems: [], ended: [] };
	for (const job of jobs) {
		if (group === 'all' || groupOf(job) === group) sorted[/** @type {'active'} */ (showOf(job))].push(job);
	}
	const latestFirst = (/** @type {Job} */ a, /** @type {Job} */ b) => b.finished_at.localeCompare(a.finished_at) || a.id.localeCompare(b.id);
	sorted.problems.sort(latestFirst);
	sorted.ended.sort(latestFirst);
	return sorted;
}
