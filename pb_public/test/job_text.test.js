import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isActive, isRetryable } from '../src/lib/job_status.js';
import { attemptsIn, jobDetail, jobState, jobTitle, positionText } from '../src/lib/job_text.js';

/** @typedef {import('../src/data/types.js').Job} Job */

const now = Date.UTC(2026, 0, 15, 12);

/** @param {number} seconds */
const at = (seconds) => new Date(now + seconds * 1000).toISOString().replace('T', ' ');

/** @param {Partial<Job>} fields @returns {any} */
const job = (fields) => ({
	id: 'j', kind: 'recording.transfer', payload: { recording_id: 7 }, status: 'pending', stage: '', run_at: at(0), finished_at: '',
	position: 0, estimated_start: '', estimated_end: '', ...fields,
});

/** A queue that knows no more than the jobs. @param {string[]} paused */
const queue = (...paused) => ({
	queuePositionOf: (/** @type {Job} */ { position, estimated_start, estimated_end }) => ({ position, estimated_start, estimated_end }),
	isPaused: (/** @type {string} */ kind) => paused.includes(kind),
	pauseReason: () => '',
});

test('jobTitle names the work and links to the meeting', () => {
	assert.deepEqual(jobTitle(job({ kind: 'fathom.parts', payload: {} }), undefined), { title: 'Copy summaries and transcripts' });
	assert.equal(jobTitle(job({ kind: 'fathom.parts', payload: { recording_id: 7 } }), undefined).title, 'Copy summary and transcript: recording 7');
	assert.deepEqual(jobTitle(job({ kind: 'fathom.sync', payload: {} }), undefined), { title: 'Sync meetings' });
	assert.deepEqual(jobTitle(job({ kind: 'fathom.sync', payload: { full: true } }), undefined), { title: 'Sync all meetings' });
	assert.deepEqual(jobTitle(job({}), undefined), { title: 'Transfer: recording 7' });
	assert.deepEqual(jobTitle(job({}), { id: 'm', title: 'Weekly' }), { title: 'Transfer: Weekly', href: '#/meetings/m' });
	assert.equal(jobTitle(job({}), { id: 'm', title: '' }).title, 'Transfer: Untitled meeting');
	assert.deepEqual(jobTitle(job({ kind: 'other.kind' }), undefined), { title: 'other.kind' });
});

test('jobState has a label for every status', () => {
	const labels = ['pending', 'processing', 'completed', 'failed', 'dead', 'cancelled'].map((status) => jobState(job({ status: /** @type {any} */ (status) })).label);
	assert.deepEqual(labels, ['Waiting', 'Running', 'Copied', 'Retrying', 'Failed', 'Cancelled']);
	assert.equal(jobState(job({ status: 'processing', cancel_requested: true })).label, 'Stopping');
});

test('a transfer job is done when the video is on Loom', () => {
	/** @param {any} status of the transfer */
	const stateWith = (status) => jobState(job({ status: 'completed' }), /** @type {any} */ ({ status }));
	assert.deepEqual(stateWith('delivered'), { tone: 'good', label: 'Done' });
	assert.deepEqual(stateWith('awaiting_share_url'), { tone: 'active', label: 'Copied · your turn: upload to Loom', isYourTurn: true });
	for (const status of ['queued', 'downloading', 'failed', 'cancelled']) assert.equal(stateWith(status).label, 'Copied');
	assert.equal(jobState(job({ kind: 'fathom.sync', status: 'completed' })).label, 'Completed');
	assert.equal(jobState(job({ status: 'dead' }), /** @type {any} */ ({ status: 'delivered' })).label, 'Failed');
});

test('jobDetail adds what matters in each state', () => {
	assert.equal(jobDetail(job({ status: 'processing' }), queue(), now), 'Starting.');
	assert.equal(jobDetail(job({ status: 'processing', stage: 'downloading', estimated_end: at(240) }), queue(), now), 'Downloading, done in about 4 minutes.');
	assert.equal(jobDetail(job({ status: 'failed', run_at: at(60) }), queue(), now), 'Next attempt in 1 minute.');
	assert.equal(jobDetail(job({ status: 'completed', finished_at: at(-300) }), queue(), now), 'Ended 5 minutes ago.');
	assert.equal(jobDetail(job({ position: 1 }), queue(), now), 'Next in the queue.');
	assert.equal(jobDetail(job({ stage: 'preparing download', run_at: at(60) }), queue(), now), 'Preparing download. Continues in about 1 minute.');
	assert.equal(jobDetail(job({ stage: 'preparing download', position: 1 }), queue(), now), 'Next in the queue.');
	assert.match(jobDetail(job({ stage: 'preparing download' }), queue('recording.transfer'), now), /^Paused by the operator\./);
});

test('positionText gives the position and the start', () => {
	assert.equal(positionText(job({ position: 1, estimated_start: at(60) }), queue(), now), 'Next in the queue, starts in about 1 minute.');
	assert.equal(positionText(job({ position: 2 }), queue(), now), 'Position 2 in the queue.');
	assert.equal(positionText(job({ position: 12 }), queue(), now), 'Position 12 in the queue.');
	assert.equal(positionText(job({ run_at: at(3600) }), queue(), now), 'Starts in about 1 hour.');
	assert.match(positionText(job({ position: 1 }), queue('recording.transfer'), now), /^Paused by the operator\./);
	assert.equal(positionText(job({ position: 1 }), queue('fathom.sync'), now), 'Next in the queue.');
	const down = { ...queue('recording.transfer'), pauseReason: () => 'Fathom can’t be reached.' };
	assert.equal(positionText(job({}), down, now), 'Fathom can’t be reached.');
});

test('a job is active, retryable or completed', () => {
	for (const [status, active, retryable] of /** @type {[Job['status'], boolean, boolean][]} */ ([
		['pending', true, false], ['processing', true, false], ['failed', true, false], ['dead', false, true], ['cancelled', false, true], ['completed', false, false],
	])) {
		assert.equal(isActive(job({ status })), active, status);
		assert.equal(isRetryable(job({ status })), retryable, status);
	}
	assert.equal(isActive(undefined), false);
});

test('runs that only waited or that a shutdown interrupted are no attempts', () => {
	const history = ['failed', 'snoozed', 'held', 'released', 'interrupted', 'snoozed', 'completed'].map((outcome) => ({ attempt: 1, started: '', ended: '', outcome }));
	assert.deepEqual(attemptsIn(history).map(({ outcome }) => outcome), ['failed', 'interrupted', 'completed']);
	assert.deepEqual(attemptsIn(null), []);
});
