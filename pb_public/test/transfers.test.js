import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Transfers } from '../src/data/transfers.js';

const settle = async () => {
	for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};

/** @param {number} n @param {any} [fields] @returns {any} */
const stored = (n, fields) => ({ id: `t${n}`, recording_id: n, job: '', status: 'delivered', note: `Note ${n}`, updated: '2', ...fields });

/** Transfers with a database of these records. @param {any[]} rows */
function start(rows) {
	/** @type {string[]} */
	const filters = [];
	let ready = () => {};
	/** @type {(message: any) => void} */
	let send = () => {};
	const matching = (/** @type {string} */ filter) => rows.filter((row) => filter.split(' || ').includes(`recording_id = ${row.recording_id}`));
	/** @type {any} */
	const collection = {
		getList: async (/** @type {any[]} */ ...[, , { filter }]) => ({ items: matching(filter) }),
		async getFullList(/** @type {any} */ { filter }) {
			filters.push(filter);
			return matching(filter);
		},
	};
	/** @type {any} */
	const stream = {
		subscribe(/** @type {any[]} */ ...[, { onMessage, onReady }]) {
			[send, ready] = [onMessage, onReady];
			return () => {};
		},
	};
	const transfers = new Transfers(/** @type {any} */ ({ collection: () => collection }), stream, /** @type {any} */ ({ records: { value: new Map() } }));
	transfers.start();
	return { transfers, filters, reconnect: () => ready(), send: (/** @type {any} */ message) => send(message) };
}

test('the library’s short form of a transfer replaces only an older version, and keeps what it leaves out', async () => {
	const { transfers } = start([stored(1)]);
	assert.equal(transfers.isWhole(1), false);
	await transfers.loadWhole(1);
	assert.equal(transfers.isWhole(1), true);
	const add = (/** @type {any} */ fields) => transfers.add([/** @type {any} */ ({ transfer: { id: 't1', recording_id: 1, ...fields } })]);
	add({ status: 'failed', updated: '1' });
	add({ status: 'failed', updated: '2' });
	assert.equal(transfers.byRecording.value.get(1)?.status, 'delivered');
	add({ status: 'failed', updated: '3' });
	const changed = transfers.byRecording.value.get(1);
	assert.deepEqual([changed?.status, changed?.note, changed?.error], ['failed', 'Note 1', '']);
});

test('all fields are read of a transfer of which the library has shown some', async () => {
	const { transfers } = start([stored(1)]);
	transfers.add([/** @type {any} */ ({ transfer: { id: 't1', recording_id: 1, status: 'delivered', updated: '2' } })]);
	await transfers.loadWhole(1);
	assert.equal(transfers.byRecording.value.get(1)?.note, 'Note 1');
	await transfers.loadWhole(9); // has none
	assert.equal(transfers.isWhole(9), true);
});

test('after an interruption only what the library doesn’t show is read again', async () => {
	const rows = [stored(1), stored(2)];
	const { transfers, filters, reconnect } = start(rows);
	transfers.isListed = (id) => id === 1;
	transfers.add(rows.map((transfer) => /** @type {any} */ ({ transfer })));
	rows[1] = stored(2, { status: 'failed', updated: '3' });
	reconnect();
	await settle();
	assert.deepEqual(filters, ['recording_id = 2']);
	assert.deepEqual([1, 2].map((id) => transfers.byRecording.value.get(id)?.status), ['delivered', 'failed']);
});

test('a changed status is reported, and progress isn’t', (t) => {
	t.mock.timers.enable({ apis: ['setTimeout'] });
	const { transfers, send } = start([]);
	let changes = 0;
	transfers.onStatus = () => changes++;
	const message = (/** @type {string} */ status, /** @type {string} */ updated) => send({ action: 'update', record: stored(1, { status, updated }) });
	message('downloading', '1');
	message('downloading', '2');
	t.mock.timers.tick(1_000);
	assert.equal(changes, 1);
	message('delivered', '3');
	t.mock.timers.tick(1_000);
	assert.equal(changes, 2);
	send({ action: 'delete', record: stored(1) });
	t.mock.timers.tick(1_000);
	assert.equal(changes, 3);
});
