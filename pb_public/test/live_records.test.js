import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStale, LiveRecords } from '../src/data/live_records.js';

/** @param {string} id @param {number} version @param {any} [fields] */
const record = (id, version, fields) => ({ id, created: '1', updated: String(version), ...fields });

/** A stream whose messages the test sends itself. */
function fakeStream() {
	/** @type {Map<string, (message: any) => void>} */
	const listeners = new Map();
	/** @type {import('../src/data/shared_streams.js').Stream} */
	const stream = {
		subscribe(topic, { onMessage, onReady }) {
			listeners.set(topic, onMessage);
			queueMicrotask(onReady);
			return () => listeners.delete(topic);
		},
	};
	return { stream, listeners };
}

/** @param {any[]} loaded @returns {LiveRecords<any>} */
const recordsOf = (loaded) => new LiveRecords(fakeStream().stream, 'things', async () => loaded);

/** @param {LiveRecords<any>} records */
const versions = (records) => Object.fromEntries([...records.records.value].map(([id, { updated }]) => [id, Number(updated)]));

/** A promise and its resolve function. */
function deferred() {
	/** @type {(value: any) => void} */
	let resolve = () => {};
	const promise = new Promise((done) => (resolve = done));
	return { promise, resolve };
}

test('isStale orders by time, then attempts, then end', () => {
	assert.equal(isStale(record('a', 1), record('a', 2)), true);
	assert.equal(isStale(record('a', 2), record('a', 1)), false);
	assert.equal(isStale(record('a', 1, { attempts: 1 }), record('a', 1, { attempts: 2 })), true);
	assert.equal(isStale(record('a', 1, { attempts: 2 }), record('a', 1, { attempts: 1 })), false);
	assert.equal(isStale(record('a', 1), record('a', 1, { attempts: 1 })), true);
	assert.equal(isStale(record('a', 1, { attempts: 1, finished_at: '' }), record('a', 1, { attempts: 1, finished_at: '2' })), true);
	assert.equal(isStale(record('a', 1, { attempts: 1, finished_at: '2' }), record('a', 1, { attempts: 1, finished_at: '' })), false);
	assert.equal(isStale(record('a', 1), record('a', 1)), false);
});

test('a late message does not replace a newer record', async () => {
	const records = recordsOf([record('a', 5)]);
	await records.reload();
	records.put(record('a', 4));
	assert.deepEqual(versions(records), { a: 5 });
	records.put(record('a', 6));
	assert.deepEqual(versions(records), { a: 6 });
});

test('a late message does not bring a deleted record back', async () => {
	const records = recordsOf([record('a', 1), record('b', 1)]);
	await records.reload();
	records.remove('a');
	records.put(record('a', 9));
	assert.deepEqual(versions(records), { b: 1 });
	await records.reload();
	assert.deepEqual(versions(records), { b: 1 });
	assert.equal(records.isDeleted('a'), true);
});

test('messages that arrive during a load are kept', async () => {
	const { promise, resolve } = deferred();
	/** @type {LiveRecords<any>} */
	const records = new LiveRecords(fakeStream().stream, 'things', () => promise);
	const loading = records.reload();
	records.put(record('new', 1));
	records.put(record('changed', 3));
	resolve([record('changed', 2), record('old', 1)]);
	await loading;
	assert.deepEqual(versions(records), { changed: 3, old: 1, new: 1 });
});

test('records that are gone from the server disappear with the next load', async () => {
	let loaded = [record('a', 1), record('b', 1)];
	/** @type {LiveRecords<any>} */
	const records = new LiveRecords(fakeStream().stream, 'things', async () => loaded);
	await records.reload();
	loaded = [record('b', 1)];
	await records.reload();
	assert.deepEqual(versions(records), { b: 1 });
});

test('a failed load is reported, and cleared by the next success', async () => {
	let fails = true;
	/** @type {LiveRecords<any>} */
	const records = new LiveRecords(fakeStream().stream, 'things', async () => {
		if (fails) throw new Error('No luck');
		return [];
	});
	await records.reload();
	assert.equal(records.error.value, 'No luck.');
	assert.equal(records.loaded.value, false);
	fails = false;
	await records.reload();
	assert.equal(records.error.value, '');
	assert.equal(records.loaded.value, true);
});

test('realtime messages are applied until stop', async () => {
	const { stream, listeners } = fakeStream();
	const loaded = deferred();
	/** @type {LiveRecords<any>} */
	const records = new LiveRecords(stream, 'things', async () => {
		setImmediate(loaded.resolve);
		return [record('a', 1)];
	});
	records.start();
	await loaded.promise;
	const listener = listeners.get('things/*');
	assert.ok(listener);
	listener({ action: 'create', record: record('b', 1) });
	listener({ action: 'update', record: record('a', 2) });
	assert.deepEqual(versions(records), { a: 2, b: 1 });
	listener({ action: 'delete', record: record('b', 1) });
	assert.deepEqual(versions(records), { a: 2 });
	records.stop();
	listener({ action: 'update', record: record('a', 3) });
	records.put(record('a', 4));
	assert.deepEqual(versions(records), { a: 2 });
	assert.equal(listeners.size, 0);
});
