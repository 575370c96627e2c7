import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copiesIn, copyTimeText } from '../src/lib/copy_time.js';

/** @param {number} recording @param {number} from @param {number} to seconds @param {object} [changed] @returns {any} */
const job = (recording, from, to, changed) => ({
	kind: 'recording.transfer', status: 'completed', result: { recording_id: recording },
	started_at: new Date(from * 1000).toISOString().replace('T', ' '), finished_at: new Date(to * 1000).toISOString().replace('T', ' '), ...changed,
});
const lengths = new Map([[1, 600], [2, 600], [3, 1200], [4, 600]]);
const plain = (/** @type {string} */ text) => text.replaceAll('\u00A0', ' ');

test('the time is judged by how long the latest copies took together', () => {
	const copies = copiesIn([job(3, 20, 60), job(1, 0, 30), job(2, 5, 15), job(4, 100, 120)], lengths);
	// 3,000 s of recordings took 60 + 20 s, because some were copied at the same time.
	assert.equal(plain(copyTimeText(36_000, copies)), 'about 16 min');
	assert.equal(plain(copyTimeText(5, copies)), 'about 1 min');
	assert.equal(copyTimeText(0, copies), '');
});

test('nothing is said after few copies', () => {
	const none = [
		job(1, 0, 0.1), // found the video here already
		job(9, 0, 30), // of a meeting that isn't loaded
		job(2, 0, 30, { status: 'dead' }), job(2, 0, 30, { kind: 'fathom.parts' }), job(2, 0, 0, { finished_at: '' }), job(2, 0, 30, { result: null }),
	];
	const copies = copiesIn([...none, job(1, 0, 30), job(2, 30, 60)], lengths);
	assert.equal(copies.length, 2);
	assert.equal(copyTimeText(600, copies), '');
});
