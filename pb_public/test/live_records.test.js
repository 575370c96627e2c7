import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { isStale, LiveRecords } from '../src/data/live_records.js';
import { ClientResponseError } from '../vendor/pocketbase.js';
import { effect } from '../vendor/signals-core.js';
import { fakeStream } from './fake_stream.js';

/** @param {string} id @param {number} version @param {any} [fields] */
const record = (id, version, fields) => ({ id, created: '1', updated: String(version), ...fields });

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

/** Records that are loaded and live, with a fake clock, and how often they have changed since. @param {any} t @param {any[]} loaded */
async function liveRecords(t, loaded) {
	mock.timers.enable({ apis: ['setTimeout'] });
	t.after(() => mock.timers.reset());
	const { stream, listeners, send } = fakeStream();
	/** @type {LiveRecords<any>} */
	const records = new LiveRecords(stream, 'things', async () => loaded);
	records.start();
	await new Promise(setImmediate);
	assert.equal(records.loaded.value, true);
	const counts = { renderings: -1 };
	effect(() => {
		counts.renderings += Number(Boolean(records.records.value));
	});
	const receive = (/** @type {string} */ action, /** @type {any} */ changed) => send('things/*', { action, record: changed });
	const endBurst = () => { // a timer that is set during a tick runs in the next one
		mock.timers.tick(1000);
		mock.timers.tick(1000);
	};
	return { records, listeners, receive, counts, endBurst };
}

test('a subscription has options only if there are some', () => {
	const { stream, options } = fakeStream();
	new LiveRecords(stream, 'plain', async () => []).start();
	new LiveRecords(stream, 'early', async () => [], { atOnce: true }).start();
	new LiveRecords(stream, 'few', async () => [], { fields: 'id' }).start();
	assert.deepEqual(options, { 'plain/*': undefined, 'early/*': undefined, 'few/*': { fields: 'id' } });
});

test('realtime messages are applied until stop', async (t) => {
	const { records, listeners, receive, endBurst } = await liveRecords(t, [record('a', 1)]);
	receive('create', record('b', 1));
	assert.deepEqual(versions(records), { a: 1, b: 1 }, 'the first message is applied at once');
	receive('update', record('a', 2));
	endBurst();
	receive('delete', record('b', 1));
	assert.deepEqual(versions(records), { a: 2 });
	receive('update', record('a', 3));
	const late = listeners.get('things/*');
	records.stop();
	endBurst();
	late?.({ action: 'update', record: record('a', 4) });
	records.put(record('a', 5));
	assert.deepEqual(versions(records), { a: 2 });
	assert.equal(listeners.size, 0);
});

test('thousands of messages are applied together', async (t) => {
	const { records, receive, counts, endBurst } = await liveRecords(t, [record('a', 1)]);
	for (let n = 0; n < 2000; n++) receive('create', record(`r${n}`, 1));
	endBurst();
	assert.equal(records.records.value.size, 2001);
	assert.equal(counts.renderings, 2, 'the first one, and all others');
	receive('create', record('late', 1));
	assert.equal(records.records.value.has('late'), true, 'a message after the burst is applied at once');
});

test('a burst keeps the order of messages, and what is newer', async (t) => {
	const { records, receive, counts, endBurst } = await liveRecords(t, [record('a', 1), record('b', 1), record('c', 1)]);
	/** @type {string[]} */
	const changed = [];
	records.onChange = (now, before) => changed.push(`${before ? before.id + before.updated : '-'} → ${now ? now.id + now.updated : '-'}`);
	receive('update', record('c', 2));
	receive('update', record('a', 3));
	receive('update', record('a', 2)); // stale
	receive('update', record('b', 2));
	receive('delete', record('b', 2));
	receive('update', record('b', 3)); // too late
	receive('create', record('d', 1));
	receive('update', record('d', 2));
	records.put(record('c', 4)); // by the user, in the middle of the burst
	assert.deepEqual(versions(records), { a: 1, b: 1, c: 4 });
	receive('update', record('c', 3));
	endBurst();
	assert.deepEqual(versions(records), { a: 3, c: 4, d: 2 });
	assert.equal(counts.renderings, 3);
	assert.deepEqual(changed, ['c1 → c2', 'c2 → c4', 'a1 → a3', 'b1 → -', '- → d2'], 'listeners hear of the latest versions');
});

test('a load during a burst loses nothing', async (t) => {
	const { records, receive, endBurst } = await liveRecords(t, [record('a', 1), record('b', 1)]);
	receive('update', record('a', 2));
	receive('delete', record('b', 1));
	receive('create', record('c', 1));
	await records.reload();
	endBurst();
	assert.deepEqual(versions(records), { a: 2, c: 1 });
});

test('a load that fails because the server is busy is repeated', async (t) => {
	mock.timers.enable({ apis: ['setTimeout'] });
	t.after(() => mock.timers.reset());
	const busy = new ClientResponseError({ status: 429, response: { message: 'Too many.' } });
	let loads = 0;
	/** @type {LiveRecords<any>} */
	const records = new LiveRecords(fakeStream().stream, 'things', async () => {
		if (++loads < 3) throw busy;
		return [record('a', 1)];
	});
	await records.reload();
	assert.equal(records.error.value, 'Too many.');
	for (let n = 0; n < 2; n++) {
		mock.timers.tick(5000);
		await new Promise(setImmediate);
	}
	assert.equal(records.error.value, '');
	assert.deepEqual(versions(records), { a: 1 });
	mock.timers.tick(1e6);
	assert.equal(loads, 3);
});
