import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { RepeatedRead } from '../src/data/repeated_read.js';
import { ClientResponseError } from '../vendor/pocketbase.js';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

const failure = (/** @type {number} */ status) => new ClientResponseError({ status, response: {} });

/** A read that fails with these errors, one after the other, and how often it has run. @param {unknown[]} errors */
function readsWith(...errors) {
	const state = { count: 0 };
	const reads = new RepeatedRead(async () => {
		const error = errors[state.count++];
		if (error) throw error;
	});
	return { reads, state };
}

/** @param {number} milliseconds */
async function pass(milliseconds) {
	mock.timers.tick(milliseconds);
	await new Promise(setImmediate);
}

test('a read is repeated until it succeeds, less and less often', async () => {
	const { reads, state } = readsWith(failure(429), failure(500), failure(0));
	await reads.run();
	assert.equal(state.count, 1);
	for (const [index, delay] of [1000, 2000, 4000].entries()) {
		await pass(delay * 0.74);
		assert.equal(state.count, index + 1, `not before ${delay * 0.75} ms`);
		await pass(delay * 0.52);
		assert.equal(state.count, index + 2, `within ${delay * 1.25} ms`);
	}
	await pass(1e6);
	assert.equal(state.count, 4);
});

test('a read that would fail again is not repeated', async () => {
	const aborted = Object.assign(failure(0), { isAbort: true });
	for (const error of [failure(400), failure(401), failure(403), failure(404), aborted, new TypeError('a bug')]) {
		const { reads, state } = readsWith(error);
		await reads.run();
		await pass(1e6);
		assert.equal(state.count, 1, String(error));
	}
});

test('another read replaces the repetition', async () => {
	const { reads, state } = readsWith(failure(503));
	await reads.run();
	await reads.run();
	await pass(1e6);
	assert.equal(state.count, 2);
});

test('only the last of several reads decides about a repetition', async () => {
	/** @type {((error: unknown) => void)[]} */
	const running = [];
	const reads = new RepeatedRead(() => new Promise((resolve, reject) => running.push((error) => (error ? reject(error) : resolve(0)))));
	const both = [reads.run(), reads.run()];
	running[1](undefined);
	running[0](failure(503));
	await Promise.all(both);
	await pass(1e6);
	assert.equal(running.length, 2);
});

test('nothing is repeated after stop', async () => {
	const { reads, state } = readsWith(failure(503), failure(503), failure(503));
	await reads.run();
	const running = reads.run();
	reads.stop();
	await running;
	await pass(1e6);
	assert.equal(state.count, 2);
});
