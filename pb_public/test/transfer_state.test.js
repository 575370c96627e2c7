import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goesToLoom, isAudio, isRunning, isUntransferred, steps, stepsOf, transferState } from '../src/lib/transfer_state.js';

/** @typedef {import('../src/data/types.js').Transfer} Transfer */
/** @typedef {import('../src/data/types.js').Job} Job */

/** @param {Transfer['status']} status @param {Partial<Transfer>} [fields] @returns {any} */
const transfer = (status, fields) => ({ status, bytes_done: 0, bytes_total: 0, error: '', ...fields });

/** @param {Job['status']} status @param {Partial<Job>} [fields] @returns {any} */
const job = (status, fields) => ({ status, stage: '', error: '', ...fields });

test('each status of a transfer has a phase and a step', () => {
	for (const [status, phase, step] of /** @type {[Transfer['status'], string, number][]} */ ([
		['queued', 'waiting', 0], ['fetching', 'running', 0], ['downloading', 'running', 1], ['uploading', 'running', 2],
		['awaiting_share_url', 'upload', 2], ['delivered', 'done', 4], ['failed', 'failed', 0], ['cancelled', 'none', 0],
	])) {
		const state = transferState(transfer(status), undefined);
		assert.equal(state.phase, phase, status);
		assert.equal(state.step, step, status);
		assert.ok(state.step <= steps.length);
	}
});

test('a stored file goes on to Loom only if it is to be delivered', () => {
	const delivered = transfer('stored', { deliver: true, file_name: 'Review.mp4' });
	assert.deepEqual([transferState(delivered, undefined).phase, isRunning(delivered)], ['running', true]);
	const kept = transfer('stored', { deliver: false, file_name: 'Review.mp4' });
	assert.deepEqual([transferState(kept, undefined).phase, isRunning(kept), isAudio(kept)], ['stored', false, false]);
	assert.match(transferState(kept, undefined).detail, /video is stored/);
	const audio = transfer('stored', { deliver: false, file_name: 'Call.M4A' });
	assert.ok(isAudio(audio));
	assert.match(transferState(audio, undefined).detail, /only video/);
});

test('a transfer that only stores has no step at Loom', () => {
	const storing = job('processing', { payload: { deliver: false } });
	assert.deepEqual([goesToLoom(storing), goesToLoom(job('pending', { payload: {} })), goesToLoom(undefined)], [false, true, true]);
	assert.equal(stepsOf(transfer('downloading'), storing).includes('Upload to Loom'), false);
	assert.equal(stepsOf(transfer('downloading'), undefined), steps);
	assert.equal(stepsOf(transfer('delivered'), storing), steps);
});

test('a transfer that does not exist yet follows its job', () => {
	assert.equal(transferState(undefined, undefined).phase, 'none');
	assert.equal(transferState(undefined, job('completed')).phase, 'none');
	assert.equal(transferState(undefined, job('pending'), 'Next in the queue.').detail, 'Next in the queue.');
	assert.equal(transferState(transfer('cancelled'), job('processing')).label, 'Starting');
});

test('a queued transfer shows why it waits', () => {
	const queued = transfer('queued');
	assert.equal(transferState(queued, job('pending', { error: 'Fathom is busy.' }), 'Position 2 in the queue.').detail, 'Fathom is busy. Position 2 in the queue.');
	const retrying = transferState(queued, job('failed', { error: 'Timeout.' }));
	assert.deepEqual([retrying.phase, retrying.label, retrying.detail], ['waiting', 'Retrying', 'Timeout.']);
	const dead = transferState(queued, job('dead', { error: 'No such meeting.' }));
	assert.deepEqual([dead.phase, dead.detail], ['failed', 'No such meeting.']);
});

test('preparing distinguishes the details from the video', () => {
	assert.match(transferState(transfer('fetching'), job('processing', { stage: 'fetching details' })).detail, /summary/);
	assert.match(transferState(transfer('fetching'), job('processing')).detail, /video/);
});

test('copying shows its progress', () => {
	const half = transferState(transfer('downloading', { bytes_done: 500, bytes_total: 1000 }), undefined);
	assert.equal(half.fraction, 0.5);
	assert.equal(half.label, 'Copying 50%');
	assert.match(half.detail, /500.bytes of 1\.0.kB/);
	const unknown = transferState(transfer('downloading', { bytes_done: 500 }), undefined);
	assert.equal(unknown.fraction, null);
	assert.match(unknown.detail, /500.bytes copied/);
	assert.equal(transferState(transfer('downloading', { bytes_done: 2000, bytes_total: 1000 }), undefined).fraction, 1);
});

test('an upload to Loom shows its progress', () => {
	const uploading = transfer('uploading', { uploader: 'atlassian', bytes_total: 1000 });
	/** @param {Partial<Job>} fields */
	const at = (fields) => transferState(uploading, job('processing', fields));
	assert.deepEqual([at({ stage: 'delivering' }).label, at({ stage: 'delivering' }).fraction], ['Uploading', null]);
	const half = at({ stage: 'uploading', progress: 0.975 });
	assert.deepEqual([half.phase, half.label, half.step], ['running', 'Uploading 50%', 2]);
	assert.match(half.detail, /500.bytes of 1\.0.kB/);
	assert.equal(at({ stage: 'uploading', progress: 0.9 }).fraction, 0);
	const sent = at({ stage: 'uploading', progress: 1 });
	assert.deepEqual([sent.label, sent.fraction], ['Finishing', null]);
	const delayed = transferState(uploading, job('pending', { stage: 'uploading', error: 'Atlassian limits the number of requests.' }));
	assert.deepEqual([delayed.phase, delayed.label, delayed.detail, delayed.step], ['waiting', 'Waiting for Loom', 'Atlassian limits the number of requests.', 2]);
	assert.equal(transferState(transfer('uploading', { uploader: 'handover' }), undefined).label, 'Finishing');
});

test('a failure has a reason', () => {
	assert.equal(transferState(transfer('failed', { error: 'Disk is full.' }), undefined).detail, 'Disk is full.');
	assert.equal(transferState(transfer('failed'), job('dead', { error: 'Timeout.' })).detail, 'Timeout.');
	assert.match(transferState(transfer('failed'), undefined).detail, /Retry it\.$/);
});

test('isRunning and isUntransferred classify transfers', () => {
	assert.deepEqual([undefined, 'queued', 'downloading', 'awaiting_share_url', 'delivered', 'failed', 'cancelled']
		.map((status) => isRunning(status && transfer(/** @type {any} */ (status)))), [false, true, true, false, false, false, false]);
	assert.deepEqual([undefined, 'queued', 'failed', 'cancelled']
		.map((status) => isUntransferred(status && transfer(/** @type {any} */ (status)))), [true, false, false, true]);
});
