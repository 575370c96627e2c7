import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { MeetingLookup } from '../src/data/meeting_lookup.js';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

const settle = async () => {
	for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};

/** A lookup in a database with the recordings 1 to 500, and what was asked of it. */
function start() {
	/** @type {number[][]} */
	const requests = [];
	const state = { isDown: false };
	/** @type {any} */
	const db = {
		/** @param {[string, any]} request */
		async send(...[, { query }]) {
			const ids = query.recording_ids.split(',').map(Number);
			requests.push(ids);
			if (state.isDown) throw new Error('offline');
			return { items: ids.filter((/** @type {number} */ id) => id <= 500).map((/** @type {number} */ id) => ({ id: `m${id}`, recording_id: id, title: `Meeting ${id}` })) };
		},
	};
	/** @type {any[]} */
	const found = [];
	return { lookup: new MeetingLookup(db, (items) => found.push(...items)), requests, found, state };
}

test('meetings are asked for together, and once', async () => {
	const { lookup, requests, found } = start();
	for (let id = 1; id <= 150; id++) assert.equal(lookup.get(id), undefined);
	mock.timers.tick(0);
	await settle();
	assert.deepEqual(requests.map((ids) => ids.length), [100, 50]);
	assert.deepEqual([lookup.get(150)?.title, found.length], ['Meeting 150', 150]);
	lookup.get(999); // doesn't exist
	mock.timers.tick(0);
	await settle();
	lookup.get(999);
	mock.timers.tick(0);
	await settle();
	assert.equal(requests.length, 3);
});

test('what the library has read is not asked for', async () => {
	const { lookup, requests } = start();
	lookup.add([/** @type {any} */ ({ id: 'm7', recording_id: 7, title: 'Known' })]);
	assert.equal(lookup.get(7)?.title, 'Known');
	lookup.remove('m7');
	assert.equal(lookup.get(7), undefined);
	lookup.want(Number(undefined)); // a job without a recording
	mock.timers.tick(0);
	await settle();
	assert.deepEqual(requests, []);
});

test('a failed request is repeated later', async () => {
	const { lookup, requests, state } = start();
	state.isDown = true;
	lookup.want(1);
	mock.timers.tick(0);
	await settle();
	state.isDown = false;
	mock.timers.tick(30_000);
	lookup.want(1);
	mock.timers.tick(0);
	await settle();
	assert.equal(requests.length, 2);
	assert.equal(lookup.get(1)?.title, 'Meeting 1');
});
