import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copiedText, syncText } from '../src/lib/first_run.js';

const now = Date.UTC(2026, 0, 15, 12);

/** @param {number} seconds */
const at = (seconds) => new Date(now + seconds * 1000).toISOString().replace('T', ' ');

/** @param {any} fields @returns {any} */
const sync = (fields) => ({ id: 'j', kind: 'fathom.sync', status: 'pending', stage: '', error: '', run_at: at(0), position: 0, estimated_start: '', ...fields });

/** @param {string} [reason] of a pause */
const queue = (reason = '') => ({
	placeOf: (/** @type {any} */ job) => job, isPaused: () => Boolean(reason), pauseReason: () => reason, holdOf: () => undefined,
});

/** @param {any} job @param {number} [found] @param {string} [reason] */
const text = (job, found = 0, reason = '') => syncText(job, queue(reason), found, now);

test('syncText says what the first sync is doing', () => {
	assert.equal(text(undefined), 'Starting…');
	assert.equal(text(sync({ status: 'processing' })), 'Asking Fathom for your meetings…');
	assert.equal(text(sync({ status: 'processing', stage: '590 meetings read' })), 'Reading from Fathom: 590 meetings read.');
});

test('syncText gives the reason of every wait', () => {
	assert.match(text(sync({ position: 2, ahead: 0 })), /^Waits for a free slot\. It is number 2/);
	assert.equal(text(sync({}), 0, 'Fathom refused your API key.'), 'Fathom refused your API key.');
	assert.match(text(sync({ stage: '590 meetings read', error: 'Fathom allows 60 requests a minute.', run_at: at(41) })),
		/^590 meetings read\. Fathom allows 60 requests a minute\. Continues in/);
	assert.match(text(sync({ status: 'failed', error: 'Fathom could not be reached.', run_at: at(60) })), /^Fathom could not be reached\. Next attempt/);
	assert.equal(text(sync({ status: 'dead', error: 'Fathom refused.' })), 'Fathom refused.');
	assert.match(text(sync({ status: 'cancelled' })), /cancelled/);
});

test('syncText never says that there are no meetings while they arrive', () => {
	const done = sync({ status: 'completed', result: { added: 24 } });
	assert.equal(text(done, 0), '24 meetings found.');
	assert.equal(text(done, 3), '24 meetings found.');
	assert.equal(text(sync({ status: 'completed', result: null }), 1), '1 meeting found.');
	assert.match(text(sync({ status: 'completed', result: { added: 0 } })), /^Fathom shows no meetings to this key/);
});

test('copiedText says whose turn it is', () => {
	assert.equal(copiedText('stored'), 'Copied.');
	assert.match(copiedText('upload'), /Your turn: upload it to Loom/);
	assert.match(copiedText('done'), /on Loom/);
});
