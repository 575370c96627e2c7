import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activityFilterIn, activityQuery, sortedJobs } from '../src/lib/activity_filter.js';

test('a filter survives the address, and another address shows everything', () => {
	for (const show of /** @type {const} */ (['all', 'active', 'problems', 'ended'])) {
		for (const group of /** @type {const} */ (['all', 'copies', 'syncs', 'other'])) {
			assert.deepEqual(activityFilterIn(activityQuery({ show, group })), { show, group });
		}
	}
	assert.equal(activityQuery({ show: 'all', group: 'all' }), '');
	for (const query of ['', 'x=1', 'show=', 'show=toString&jobs=constructor', '%%%']) assert.deepEqual(activityFilterIn(query), { show: 'all', group: 'all' }, query);
});

test('jobs are shown by what they need', () => {
	/** @param {string} id @param {string} kind @param {string} status @param {string} [end] @returns {any} */
	const job = (id, kind, status, end = '') => ({ id, kind, status, finished_at: end });
	const jobs = [
		job('a', 'recording.transfer', 'processing'), job('b', 'recording.transfer', 'dead', '2026-01-02'), job('c', 'fathom.sync', 'completed', '2026-01-01'),
		job('d', 'fathom.parts', 'completed', '2026-01-03'), job('e', 'notice.send', 'cancelled', '2026-01-04'), job('f', 'fathom.sync', 'failed'),
	];
	/** @param {any} group */
	const ids = (group) => Object.values(sortedJobs(jobs, group)).map((list) => list.map(({ id }) => id).join(''));
	assert.deepEqual(ids('all'), ['af', 'b', 'edc']);
	assert.deepEqual(ids('copies'), ['a', 'b', 'd']);
	assert.deepEqual(ids('syncs'), ['f', '', 'c']);
	assert.deepEqual(ids('other'), ['', '', 'e']);
});
