import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isActive, isRetryable } from '../src/lib/job_status.js';
import { attemptsIn, endText, jobState, jobTitle } from '../src/lib/job_text.js';
import { transferState } from '../src/lib/transfer_state.js';

Object.assign(globalThis, { document: { baseURI: 'https://example.com/' } });

/** @typedef {import('../src/data/types.js').Job} Job */

const now = Date.UTC(2026, 0, 15, 12);

/** @param {Partial<Job>} fields @returns {any} */
const job = (fields) => ({
	id: 'j', kind: 'recording.transfer', payload: { recording_id: 7 }, status: 'pending', stage: '', error: '', run_at: '', finished_at: '', ...fields,
});

/** @param {any} fields @returns {any} */
const transfer = (fields) => ({ job: 'j', bytes_done: 0, bytes_total: 0, error: '', file_name: 'Weekly.mp4', ...fields });

test('jobTitle names the work and links to the meeting', () => {
	assert.deepEqual(jobTitle(job({ kind: 'fathom.parts', payload: {} }), undefined), { title: 'Copy summaries and transcripts' });
	assert.equal(jobTitle(job({ kind: 'fathom.parts', payload: { recording_id: 7 } }), undefined).title, 'Copy summary and transcript: recording 7');
	assert.deepEqual(jobTitle(job({ kind: 'fathom.sync', payload: {} }), undefined), { title: 'Sync meetings' });
	assert.deepEqual(jobTitle(job({ kind: 'fathom.sync', payload: { full: true } }), undefined), { title: 'Sync all meetings' });
	assert.deepEqual(jobTitle(job({}), undefined), { title: 'Recording 7' });
	assert.deepEqual(jobTitle(job({}), { id: 'm', title: 'Weekly' }), { title: 'Weekly', href: 'https://example.com/meetings/m' });
	assert.equal(jobTitle(job({}), { id: 'm', title: '' }).title, 'Untitled meeting');
	assert.deepEqual(jobTitle(job({ kind: 'other.kind' }), undefined), { title: 'other.kind' });
});

test('jobs that copy nothing have a word for every status', () => {
	const words = ['pending', 'processing', 'completed', 'failed', 'dead', 'cancelled'].map((status) => jobState(job({ kind: 'fathom.sync', status: /** @type {any} */ (status) })).word);
	assert.deepEqual(words, ['Waiting', 'Running', 'Done', 'Waiting', 'Problem', 'Cancelled']);
	assert.equal(jobState(job({ kind: 'fathom.sync', stage: '590 meetings read' }), undefined, 'Continues in 41 s.').detail, '590 meetings read. Continues in 41 s.');
});

test('the job of a transfer has the same state as the transfer', () => {
	for (const fields of [
		{ status: 'queued' }, { status: 'fetching' }, { status: 'downloading', bytes_done: 34, bytes_total: 100 }, { status: 'stored', deliver: true },
		{ status: 'uploading', uploader: 'atlassian', bytes_total: 100 },
	]) {
		for (const status of /** @type {Job['status'][]} */ (['pending', 'processing', 'failed'])) {
			const of = job({ status, stage: 'uploading', progress: 0.97 });
			assert.deepEqual(jobState(of, transfer(fields), 'Because.'), transferState(transfer(fields), of, 'Because.'), `${fields.status} ${status}`);
		}
	}
	const words = ['delivered', 'stored', 'awaiting_share_url'].map((status) => jobState(job({ status: 'completed' }), transfer({ status })).word);
	assert.deepEqual(words, ['On Loom', 'Kept here', 'Your turn']);
	assert.equal(jobState(job({}), undefined).word, 'Waiting');
});

test('an earlier job of a meeting keeps its own end', () => {
	const later = transfer({ job: 'later', status: 'downloading' });
	assert.equal(jobState(job({ status: 'completed' }), later).word, 'Copied');
	assert.equal(jobState(job({ status: 'completed' }), transfer({ job: 'later', status: 'delivered' })).word, 'On Loom');
	assert.equal(jobState(job({ status: 'dead', error: 'Too late.' }), later).word, 'Problem');
	assert.equal(jobState(job({ status: 'cancelled' }), later).word, 'Cancelled');
	assert.equal(jobState(job({ status: 'pending' }), transfer({ job: 'earlier', status: 'delivered' })).word, 'Waiting', 'it copies the file again');
});

test('endText says when a job ended', () => {
	assert.equal(endText(job({ status: 'completed', finished_at: '2026-01-15 11:55:00.000Z' }), now), 'Ended 5 minutes ago.');
	assert.equal(endText(job({}), now), '');
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
