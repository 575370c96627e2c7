import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goesToLoom, isAudio, isHopeless, isRunning, steps, stepsOf, transferState } from '../src/lib/transfer_state.js';

/** @typedef {import('../src/data/types.js').Transfer} Transfer */
/** @typedef {import('../src/data/types.js').Job} Job */

/** @param {Transfer['status']} status @param {Partial<Transfer>} [fields] @returns {any} */
const transfer = (status, fields) => ({ status, bytes_done: 0, bytes_total: 0, error: '', ...fields });

/** @param {Job['status']} status @param {Partial<Job>} [fields] @returns {any} */
const job = (status, fields) => ({ status, stage: '', error: '', ...fields });

test('each status of a transfer has a word, a color, an icon and a step', () => {
	for (const [status, phase, word, tone, icon, step] of /** @type {[Transfer['status'], string, string, string, string, number][]} */ ([
		['queued', 'waiting', 'Waiting', 'waiting', 'clock', 0], ['fetching', 'running', 'Copying', 'moving', 'copy', 0],
		['downloading', 'running', 'Copying', 'moving', 'copy', 1], ['uploading', 'running', 'Uploading', 'moving', 'upload', 2],
		['awaiting_share_url', 'upload', 'Your turn', 'turn', 'upload', 2], ['delivered', 'done', 'On Loom', 'good', 'check', 4],
		['failed', 'failed', 'Problem', 'bad', 'alert', 0], ['cancelled', 'none', 'At Fathom', 'plain', 'cloud', 0],
	])) {
		const state = transferState(transfer(status, { uploader: 'atlassian' }), undefined);
		assert.deepEqual([state.phase, state.word, state.tone, state.icon, state.step], [phase, word, tone, icon, step], status);
		assert.ok(state.step <= steps.length);
	}
	assert.equal(transferState(undefined, undefined).word, 'At Fathom');
});

test('a stored file goes on to Loom only if it is to be delivered', () => {
	const delivered = transfer('stored', { deliver: true, file_name: 'Review.mp4' });
	assert.deepEqual([transferState(delivered, undefined).phase, isRunning(delivered)], ['running', true]);
	const kept = transfer('stored', { deliver: false, file_name: 'Review.mp4' });
	assert.deepEqual([transferState(kept, undefined).word, isRunning(kept), isAudio(kept)], ['Kept here', false, false]);
	assert.match(transferState(kept, undefined).detail, /video is kept/);
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
	assert.equal(transferState(undefined, job('completed')).phase, 'none');
	assert.equal(transferState(undefined, job('pending'), 'It is next.').detail, 'It is next.');
	assert.equal(transferState(transfer('cancelled'), job('processing')).word, 'Copying');
});

test('a transfer that waits shows why', () => {
	const queued = transfer('queued');
	const waiting = transferState(queued, job('pending'), 'Fathom is busy.');
	assert.deepEqual([waiting.phase, waiting.word, waiting.detail], ['waiting', 'Waiting', 'Fathom is busy.']);
	assert.equal(transferState(queued, job('failed'), 'Timeout.').word, 'Waiting');
	const dead = transferState(queued, job('dead', { error: 'No such meeting.' }));
	assert.deepEqual([dead.phase, dead.detail], ['failed', 'No such meeting.']);
	assert.equal(transferState(transfer('fetching'), job('pending'), 'It is next.').word, 'Waiting', 'it has not begun');
	const between = transferState(transfer('downloading', { bytes_done: 34, bytes_total: 100 }), job('pending', { stage: 'downloading' }), 'Fathom is slow.');
	assert.deepEqual([between.label, between.fraction, between.detail], ['Waiting', 0.34, 'Fathom is slow.']);
});

test('preparing distinguishes the details from the video', () => {
	assert.match(transferState(transfer('fetching'), job('processing', { stage: 'fetching details' })).detail, /summary/);
	assert.match(transferState(transfer('fetching'), job('processing')).detail, /video/);
	assert.equal(transferState(transfer('fetching'), job('pending'), 'Fathom is preparing the video. Continues in 8 s.').label, 'Copying');
	assert.equal(transferState(transfer('fetching'), job('pending', { stage: 'preparing download' }), 'It is next.').label, 'Waiting');
});

test('copying shows its progress', () => {
	const half = transferState(transfer('downloading', { bytes_done: 500, bytes_total: 1000 }), undefined);
	assert.deepEqual([half.fraction, half.word, half.label, half.bytes], [0.5, 'Copying', 'Copying 50%', { done: 500, total: 1000 }]);
	const unknown = transferState(transfer('downloading', { bytes_done: 500 }), undefined);
	assert.deepEqual([unknown.fraction, unknown.label, unknown.bytes], [null, 'Copying', { done: 500, total: 0 }]);
	assert.equal(transferState(transfer('downloading', { bytes_done: 2000, bytes_total: 1000 }), undefined).fraction, 1);
});

test('an upload to Loom shows its progress', () => {
	const upload = transfer('uploading', { uploader: 'atlassian', bytes_total: 1000 });
	/** @param {Partial<Job>} fields */
	const at = (fields) => transferState(upload, job('processing', fields));
	assert.deepEqual([at({ stage: 'delivering' }).label, at({ stage: 'delivering' }).fraction], ['Uploading', null]);
	const half = at({ stage: 'uploading', progress: 0.975 });
	assert.deepEqual([half.phase, half.label, half.step, half.bytes], ['running', 'Uploading 50%', 2, { done: 500, total: 1000 }]);
	assert.equal(at({ stage: 'uploading', progress: 0.9 }).fraction, 0);
	const sent = at({ stage: 'uploading', progress: 1 });
	assert.deepEqual([sent.label, sent.bytes], ['Uploading 100%', null]);
	assert.match(sent.detail, /asked for its link/);
	const delayed = transferState(upload, job('pending', { stage: 'uploading' }), 'Atlassian limits the number of requests.');
	assert.deepEqual([delayed.phase, delayed.label, delayed.detail, delayed.step], ['waiting', 'Waiting', 'Atlassian limits the number of requests.', 2]);
	assert.match(transferState(transfer('uploading', { uploader: 'handover' }), undefined).detail, /Loom accepts/);
});

test('a failure has a reason', () => {
	assert.equal(transferState(transfer('failed', { error: 'Disk is full.' }), undefined).detail, 'Disk is full.');
	assert.equal(transferState(transfer('failed'), job('dead', { error: 'Timeout.' })).detail, 'Timeout.');
	assert.match(transferState(transfer('failed'), undefined).detail, /Try again\.$/);
});

test('a failure before the last attempt does not pass by itself', () => {
	assert.equal(isHopeless(job('dead', { error: 'This meeting has no video or audio at Fathom.' })), true);
	assert.equal(isHopeless(job('dead', { error: 'Timeout. Gave up after attempt 8 of 8. Retry once the problem is fixed.' })), false);
	assert.equal(isHopeless(job('failed', { error: 'Timeout.' })), false);
	assert.equal(isHopeless(undefined), false);
});

test('isRunning classifies transfers', () => {
	assert.deepEqual([undefined, 'queued', 'downloading', 'awaiting_share_url', 'delivered', 'failed', 'cancelled']
		.map((status) => isRunning(status && transfer(/** @type {any} */ (status)))), [false, true, true, false, false, false, false]);
});
