import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canCheckAgain, isAssignable, PastedLinks } from '../src/data/pasted_links.js';
import { UploadDesk } from '../src/data/upload_desk.js';
import { WaitingTransfers } from '../src/data/waiting_transfers.js';

Object.assign(globalThis, { localStorage: { getItem: () => null, setItem() {}, removeItem() {} } });

/** @param {number} id @param {any} [fields] */
const transfer = (id, fields) => ({
	id: `t${id}`, recording_id: id, meeting: `m${id}`, status: 'awaiting_share_url', file_name: `${id}.mp4`, bytes_total: 10, note: '', updated: '1', created: '1',
	expand: { meeting: { title: `Meeting ${id}`, recorded_at: `2026-01-0${id}`, duration: 24, expand: { recordings_via_meeting: [{ id: `r${id}`, file: 'x', size: 12 }] } } },
	...fields,
});

/** A desk on a server with transfers. @param {any[]} transfers */
async function open(transfers) {
	const server = { transfers, deleted: /** @type {string[]} */ ([]), filters: /** @type {string[]} */ ([]) };
	/** @type {any} */
	const db = {
		name: 'mine',
		filter: (/** @type {string} */ text, /** @type {{id: string}} */ { id }) => text.replace('{:id}', `"${id}"`),
		collection: () => ({
			getList: async (/** @type {any[]} */ ...[, , { filter }]) => {
				server.filters.push(filter);
				const items = server.transfers.filter(({ id, status }) => (filter.includes('id =') ? filter.includes(`"${id}"`) : status === 'awaiting_share_url'));
				return { items, totalItems: items.length, totalPages: 1 };
			},
			update: async (/** @type {string} */ id, /** @type {any} */ body) => ({ id, ...body }),
			delete: async (/** @type {string} */ id) => server.deleted.push(id),
		}),
		send: async () => ({ matched: [], doubtful: [], unknown: [] }),
	};
	/** @type {any} */
	const stream = { subscribe: () => () => {} };
	const waiting = new WaitingTransfers(db, stream);
	await waiting.reload();
	const desk = new UploadDesk(/** @type {any} */ ({ db, waiting }));
	await desk.load();
	return { server, db, desk, waiting };
}

test('the desk shows what waits, the newest first, and what was delivered since', async () => {
	const { server, desk, waiting } = await open([transfer(1), transfer(2, { expand: { meeting: { title: '', recorded_at: '2026-01-02', duration: 24 } } }), transfer(3, { status: 'delivered' })]);
	assert.deepEqual(desk.items.value.map(({ id, title, size, recording }) => [id, title, size, recording?.id]), [['t2', 'Untitled meeting', 10, undefined], ['t1', 'Meeting 1', 12, 'r1']]);
	assert.deepEqual(server.filters.at(-1), 'id = "t1" || id = "t2"', 'only what is missing is read');
	assert.deepEqual(desk.missing.value, []);
	await desk.links.assign('https://www.loom.com/share/1', 't1');
	assert.deepEqual([desk.waiting.value.map(({ id }) => id), desk.delivered.value.map(({ id }) => id)], [['t2'], ['t1']]);
	waiting.put(transfer(2, { status: 'delivered', updated: '2' })); // in another tab
	assert.deepEqual(desk.delivered.value.map(({ id }) => id), ['t2', 't1']);
	await desk.deleteCopies();
	await desk.deleteCopies();
	assert.deepEqual(server.deleted, ['r1'], 'each copy is deleted once');
});

test('links stay until the user has decided about them, and a link that is pasted again replaces its result', async () => {
	/** @type {any[]} */
	const answers = [
		{ matched: [], doubtful: [{ url: 'a', found: { title: 'A', duration: 1 }, candidates: [{ transfer: 't1' }] }], unknown: [{ url: 'b', code: 'validation_link_private', message: 'No.' }] },
		{ matched: [{ url: 'b', transfer: 't2' }], doubtful: [], unknown: [{ url: 'c', code: 'validation_share_url', message: 'No.' }] },
	];
	/** @type {string[]} */
	const delivered = [];
	/** @type {any} */
	const db = { send: async () => answers.shift(), collection: () => ({ update: async () => {} }) };
	const links = new PastedLinks(db, (id) => delivered.push(id));
	await links.find('a b');
	assert.deepEqual(links.open.value.map((link) => [link.url, isAssignable(link), canCheckAgain(link)]), [['a', true, false], ['b', true, true]]);
	await links.find('b c');
	assert.deepEqual(links.open.value.map((link) => [link.url, isAssignable(link), canCheckAgain(link)]), [['a', true, false], ['c', false, false]]);
	await links.assign('a', 't1');
	links.dismiss('c');
	assert.deepEqual([links.open.value, delivered, links.busy.value], [[], ['t2', 't1'], 0]);
});

test('a recording that is copied again waits again, with its new size', async () => {
	const { server, desk, waiting } = await open([transfer(1)]);
	await desk.links.assign('https://www.loom.com/share/1', 't1');
	waiting.put(transfer(1, { status: 'queued', updated: '2' }));
	const again = transfer(1, { updated: '3' });
	again.expand.meeting.expand.recordings_via_meeting[0].size = 13;
	server.transfers = [again];
	waiting.put(again);
	assert.deepEqual(desk.missing.value, ['t1']);
	await desk.load();
	assert.deepEqual(desk.items.value.map(({ size, isDelivered }) => [size, isDelivered]), [[13, false]]);
	assert.deepEqual(desk.missing.value, []);
});
