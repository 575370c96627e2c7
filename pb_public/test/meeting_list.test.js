import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { MeetingList, pageSize } from '../src/data/meeting_list.js';
import { readAll } from '../src/data/read_all.js';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

/** Three meetings a day, so that dates repeat. @param {number} n @returns {any} */
const meeting = (n) => ({
	id: `m${String(n).padStart(14, '0')}`, recording_id: n, title: `Meeting ${n}`, created: '1', updated: '1',
	recorded_at: n < 0 ? '' : new Date(Math.floor(n / 3) * 86_400_000).toISOString().replace('T', ' '),
});

/** @param {any} a @param {any} b */
const newestFirst = (a, b) => b.recorded_at.localeCompare(a.recorded_at) || a.id.localeCompare(b.id);

/** The values of a filter. @param {string} filter */
const conditions = (filter) => Object.assign({}, ...filter.split(' && ').filter(Boolean).map((part) => JSON.parse(part)));

/** A database with meetings, which caps pages as the server does. @param {number} count */
function fakeDatabase(count) {
	const fake = {
		rows: [...Array(count).keys()].map(meeting),
		requests: 0,
		onRequest: () => {},
		send: (/** @type {any} */ message) => message,
		/** @type {any} */
		db: {
			filter: (/** @type {[string, any]} */ ...[, values]) => JSON.stringify(values),
			collection: () => ({
				/** @param {number} page @param {number} perPage @param {any} options */
				async getList(page, perPage, { filter = '', sort, skipTotal }) {
					fake.requests++;
					fake.onRequest();
					const { title, at, id } = conditions(filter);
					const matching = fake.rows.filter((row) => (!title || row.title.includes(title))
						&& (id === undefined || row.recorded_at < at || (row.recorded_at === at && row.id > id)));
					if (sort === '-recorded_at,id') matching.sort(newestFirst);
					const size = Math.min(perPage, 100);
					return {
						items: matching.slice((page - 1) * size, page * size), perPage: size,
						totalItems: skipTotal ? -1 : matching.length, totalPages: skipTotal ? -1 : Math.ceil(matching.length / size),
					};
				},
			}),
		},
		/** @type {import('../src/data/shared_streams.js').Stream} */
		stream: {
			subscribe(...[, { onMessage, onReady }]) {
				fake.send = onMessage;
				onReady();
				return () => {};
			},
		},
	};
	return fake;
}

const settle = async () => {
	for (let turn = 0; turn < 100; turn++) await Promise.resolve();
};

/** Lets what realtime messages reported be applied. */
const applyMessages = async () => {
	await settle();
	mock.timers.tick(400);
	await settle();
};

/** @param {number} count */
async function openList(count, storage = new Map()) {
	const fake = fakeDatabase(count);
	/** @type {any} */
	const session = { getItem: (/** @type {string} */ key) => storage.get(key) ?? null, setItem: (/** @type {string} */ key, /** @type {string} */ value) => storage.set(key, value) };
	const list = new MeetingList(fake.db, fake.stream, session);
	list.start();
	await settle();
	const numbers = () => list.items.value.map((item) => item.recording_id);
	const expected = (/** @type {number} */ shown) => fake.rows.toSorted(newestFirst).slice(0, shown).map((row) => row.recording_id);
	return { fake, list, numbers, expected };
}

test('each press shows the next meetings, to the oldest', async () => {
	const { fake, list, numbers, expected } = await openList(1_250);
	for (let shown = pageSize; shown < 1_250; shown = Math.min(shown + pageSize, 1_250)) {
		assert.deepEqual(numbers(), expected(shown));
		assert.equal(list.hasMore.value, true);
		const before = fake.requests;
		await list.loadMore();
		assert.equal(fake.requests - before, 1, 'a press reads only its own page');
	}
	assert.deepEqual(numbers(), expected(1_250));
	assert.equal(list.hasMore.value, false);
	assert.equal(list.total.value, 1_250);
});

test('meetings without a date come last', async () => {
	const { fake, list, numbers, expected } = await openList(0);
	fake.rows = [...Array(230).keys()].map((n) => meeting(n - 115));
	await list.refresh();
	await list.loadMore();
	await list.loadMore();
	assert.deepEqual(numbers(), expected(230));
});

test('meetings that are added or deleted meanwhile neither repeat nor hide others', async () => {
	const { fake, list, numbers, expected } = await openList(640);
	fake.rows = fake.rows.filter(({ recording_id: n }) => n % 2 === 0);
	await list.refresh();
	const added = [meeting(801), meeting(501), meeting(21)];
	const deleted = [meeting(638), meeting(460), meeting(10)];
	fake.rows = [...fake.rows.filter((row) => !deleted.some(({ id }) => id === row.id)), ...added];
	for (const record of added) fake.send({ action: 'create', record });
	for (const record of deleted) fake.send({ action: 'delete', record });
	await list.loadMore();
	await applyMessages();
	assert.deepEqual(numbers(), expected(numbers().length));
	assert.equal(list.total.value, 320);
	while (list.hasMore.value) await list.loadMore();
	assert.deepEqual(numbers(), expected(320));
});

test('a press while the list is read again waits for it', async () => {
	const { list, numbers, expected } = await openList(500);
	const refreshing = list.refresh();
	await Promise.all([refreshing, list.loadMore()]);
	assert.deepEqual(numbers(), expected(200));
	const pressed = list.loadMore();
	await Promise.resolve();
	await Promise.all([pressed, list.refresh()]);
	assert.deepEqual(numbers(), expected(300));
});

test('a sync of many meetings shows a page of them', async () => {
	const { fake, list, numbers, expected } = await openList(0);
	fake.rows = [...Array(350).keys()].map(meeting);
	for (const record of fake.rows.toReversed()) fake.send({ action: 'create', record });
	await applyMessages();
	assert.deepEqual(numbers(), expected(100));
	assert.equal(list.total.value, 350);
	for (const shown of [200, 300, 350]) {
		await list.loadMore();
		assert.deepEqual(numbers(), expected(shown));
	}
	fake.rows.push(meeting(900));
	fake.send({ action: 'create', record: meeting(900) });
	await applyMessages();
	assert.deepEqual(numbers(), expected(351));
});

test('a changed meeting is replaced, unless a newer version is known', async () => {
	const { fake, list } = await openList(3);
	const requests = fake.requests;
	fake.send({ action: 'update', record: { ...meeting(1), title: 'New', updated: '3' } });
	await applyMessages();
	fake.send({ action: 'update', record: { ...meeting(1), title: 'Old', updated: '2' } });
	await applyMessages();
	assert.deepEqual(list.items.value.map(({ title }) => title), ['Meeting 0', 'New', 'Meeting 2']);
	assert.equal(fake.requests, requests);
});

test('a reloaded page shows as many meetings as before', async () => {
	const storage = new Map();
	const { list } = await openList(500, storage);
	await list.loadMore();
	await list.loadMore();
	const again = await openList(500, storage);
	assert.deepEqual(again.numbers(), again.expected(300));
	assert.equal(again.fake.requests, 1 + 3, 'the first page is read at once, and everything when the stream is connected');
});

test('a filter starts at the first page and asks the server about new meetings', async () => {
	const { fake, list, numbers } = await openList(500);
	await list.loadMore();
	list.search('Meeting 49');
	mock.timers.tick(250);
	await settle();
	const matching = () => fake.rows.filter(({ title }) => title.includes('Meeting 49')).toSorted(newestFirst).map((row) => row.recording_id);
	assert.deepEqual(numbers(), matching());
	fake.rows.push(meeting(4_900), meeting(5_000));
	fake.send({ action: 'create', record: meeting(4_900) });
	fake.send({ action: 'create', record: meeting(5_000) });
	await applyMessages();
	assert.deepEqual(numbers(), matching());
	assert.equal(list.total.value, matching().length);
});

test('readAll reads every record, also when others are deleted meanwhile', async () => {
	const fake = fakeDatabase(1_234);
	const all = await readAll(fake.db.collection(), 500);
	assert.deepEqual(all.map((row) => row.recording_id).sort((a, b) => a - b), fake.rows.map((row) => row.recording_id));
	assert.equal(fake.requests, 13);
	fake.onRequest = () => {
		if (fake.requests === 16) fake.rows.splice(0, 7);
	};
	const rest = await readAll(fake.db.collection(), 500);
	assert.deepEqual(new Set(rest.map((row) => row.recording_id)), new Set(fake.rows.map((row) => row.recording_id)));
});
