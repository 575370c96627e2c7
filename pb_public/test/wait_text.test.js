import assert from 'node:assert/strict';
import { test } from 'node:test';
import { continuesText, waitText } from '../src/lib/wait_text.js';

/** @typedef {import('../src/data/types.js').Job} Job */

const now = Date.UTC(2026, 0, 15, 12);

/** @param {number} seconds */
const at = (seconds) => new Date(now + seconds * 1000).toISOString().replace('T', ' ');

/** @param {Partial<Job>} fields @returns {any} */
const job = (fields) => ({ id: 'j', kind: 'recording.transfer', status: 'pending', stage: '', error: '', run_at: at(0), ...fields });

/** @param {Partial<import('../src/lib/wait_text.js').Queue>} [fields] */
const queue = (fields) => ({ placeOf: () => ({ position: 0, ahead: 0 }), isPaused: () => false, pauseReason: () => '', holdOf: () => undefined, ...fields });

/** @param {Partial<Job>} fields @param {Partial<import('../src/lib/wait_text.js').Queue>} [known] */
const text = (fields, known) => waitText(job(fields), queue(known), now).replaceAll('\u00a0', ' ');

test('a job that waits for a time says for which', () => {
	assert.equal(text({ error: 'Fathom allows 60 requests a minute.', stage: '590 meetings read', run_at: at(41) }), 'Fathom allows 60 requests a minute. Continues in 41 s.');
	assert.equal(text({ error: 'Fathom is unreachable. This continues automatically.', run_at: at(300) }), 'Fathom is unreachable. Continues in 5 minutes.');
	assert.equal(text({ stage: 'preparing download', run_at: at(8) }), 'Fathom is preparing the video. Continues in 8 s.');
	assert.equal(text({ run_at: at(3600) }), 'Starts in 1 hour.');
	assert.equal(text({ status: 'failed', error: 'Timeout. It will be retried automatically.', run_at: at(30) }), 'Timeout. Next attempt in 30 s.');
	assert.equal(continuesText('Continues', at(-5), now), 'Continues in a moment.');
});

test('a job that waits for a slot says how many are ahead', () => {
	/** @param {number} position @param {number} ahead */
	const place = (position, ahead) => text({}, { placeOf: () => ({ position, ahead }) });
	assert.equal(place(0, 0), 'Waits for a free slot.');
	assert.equal(place(1, 0), 'Waits for a free slot. It is next.');
	assert.equal(place(2, 1), 'Waits for a free slot: 1 of yours is ahead.');
	assert.equal(place(4, 3), 'Waits for a free slot: 3 of yours are ahead.');
	assert.equal(place(5, 0), 'Waits for a free slot. It is number 5 in the queue.');
	assert.equal(place(9, 3), 'Waits for a free slot. It is number 9 in the queue; 3 of yours are ahead.');
});

test('a job that another one holds back gives its reason, until the hold has passed', () => {
	const holdOf = () => ({ reason: 'Fathom allows 60 requests a minute.', until: at(20) });
	assert.equal(text({}, { holdOf }), 'Fathom allows 60 requests a minute. Continues in 20 s.');
	assert.equal(text({ stage: 'downloading' }, { holdOf }), 'Waits for a free slot.', 'a job that has run is exempt');
	assert.equal(waitText(job({}), queue({ holdOf }), now + 30_000), 'Waits for a free slot.');
});

test('a pause has its reason', () => {
	assert.equal(text({}, { isPaused: () => true, pauseReason: () => 'Fathom can’t be reached.' }), 'Fathom can’t be reached.');
	assert.match(text({}, { isPaused: () => true }), /^The operator has paused this\./);
});

test('only a job that waits has a reason', () => {
	assert.equal(waitText(undefined, queue(), now), '');
	for (const status of /** @type {Job['status'][]} */ (['processing', 'completed', 'dead', 'cancelled'])) assert.equal(text({ status, error: 'x' }), '', status);
});
