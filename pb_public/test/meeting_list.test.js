import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { MeetingList, pageSize } from '../src/data/meeting_list.js';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

/** @param {number} n @returns {any} */
const meeting = (n) => ({ id: `m${n}`, recording_id: n, title: `Meeting ${n}`, recorded_at: new Date(n * 86_400_000).toISOString().replace('T', ' '), duration: 60, updated: '1' });

/** A server with meetings, the newest first. @param {number} count */
function fakeServer(count) {
	const fake = {
		rows: [...Array(count).keys()].reverse().map(meeting),
		/** @type {any[]} */
		requests: [],
		isDown: false,
		/** Is awaited before an answer. @type {(query: any) => Promise<void> | void} */
		delay: () => {},
		send: (/** @type {any} */ message) => message,
		reconnect: () => {},
		sendRecording: (/** @type {any} */ message) => message,
		/** @type {any} */
		db: {
			/** @param {[string, any]} request */
			async send(...[, { query }]) {
				fake.requests.push(query);
				await fake.delay(query);
				if (fake.isDown) throw new Error('offline');
				const matching = fake.rows.filter(({ title }) => title.includes(query.title ?? ''));
				const { offset = 0, limit } = query;
				const items = matching.slice(offset, offset + limit);
				if (query.counts === false) return { items };
				return { items, total: matching.length, seconds: 0, months: [], types: [], states: { at_fathom: matching.length } };
			},
		},
		/** @type {import('../src/data/shared_streams.js').Stream} */
		stream: {
			subscribe(...[topic, { onMessage, onReady }]) {
				if (topic === 'meetings/*') [fake.send, fake.reconnect] = [onMessage, onReady];
				else fake.sendRecording = onMessage;
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
	mock.timers.tick(800);
	await settle();
};

/** @param {number} count */
async function openList(count) {
	const fake = fakeServer(count);
	const list = new MeetingList(fake.db, fake.stream);
	list.start();
	await settle();
	fake.requests.length = 0;
	const numbers = () => list.items.value.map((item) => item.recording_id);
	const expected = (/** @type {number} */ from, /** @type {number} */ to) => fake.rows.slice(from, to).map((row) => row.recording_id);
	return { fake, list, numbers, expected };
}

test('only what is shown is loaded, and nothing twice', async () => {
	const { fake, list, numbers, expected } = await openList(10_000);
	assert.deepEqual([list.total, numbers()], [10_000, expected(0, pageSize)]);
	list.want(5_020, 5_040);
	list.want(5_021, 5_041);
	await settle();
	assert.deepEqual(fake.requests.map(({ offset, counts }) => [offset, counts]), [[5_000, false]]);
	assert.equal(list.at(5_030)?.recording_id, fake.rows[5_030].recording_id);
	assert.equal(list.at(7_000), undefined);
	for (let at = 0; at < 10_000; at += pageSize) list.want(at, at + 20);
	await settle();
	assert.ok(list.pages.value.size <= 20, `${list.pages.value.size} windows are kept`);
	assert.ok(list.at(9_990), 'what is shown is kept');
});

test('a range that isn’t loaded is read', async () => {
	const { list } = await openList(3_000);
	const range = await list.range({ id: 'm249', index: 2_750 }, { id: 'm2959', index: 40 });
	assert.deepEqual([range.length, range[0].recording_id, range.at(-1)?.recording_id], [2_711, 2_959, 249]);
	assert.equal(list.pages.value.size, 1);
});

test('a range is found where its meetings are now, and not if one of them is somewhere else', async () => {
	const { fake, list } = await openList(300);
	list.want(200, 220);
	await settle();
	fake.rows.unshift(meeting(301), meeting(300)); // the list doesn't know yet
	const numbers = async (/** @type {any} */ from, /** @type {any} */ to) => (await list.range(from, to)).map(({ recording_id: n }) => n);
	list.pages.value = new Map([[4, list.pages.value.get(4) ?? []]]); // as after a refresh
	assert.deepEqual(await numbers({ id: 'm290', index: 9 }, { id: 'm95', index: 204 }).then((found) => [found[0], found.at(-1), found.length]), [290, 95, 196]);
	assert.deepEqual(await numbers({ id: 'm0', index: 9 }, { id: 'm95', index: 204 }), []);
});

test('a range is read with the filter that its meetings had', async () => {
	const { fake, list } = await openList(300);
	fake.delay = ({ offset }) => {
		if (offset === pageSize) list.show({ filter: { title: 'Meeting 1' }, sort: 'newest', view: 'list' });
	};
	assert.equal((await list.range({ id: 'm299', index: 0 }, { id: 'm149', index: 150 })).length, 151);
	assert.ok(fake.requests.every(({ title }) => !title));
});

test('a changed meeting is replaced at once, unless a newer version is known', async () => {
	const { fake, list } = await openList(3);
	fake.send({ action: 'update', record: { ...meeting(1), poster: 'new.jpg', updated: '3' } });
	fake.send({ action: 'update', record: { ...meeting(1), poster: 'old.jpg', updated: '2' } });
	assert.deepEqual(list.items.value.map(({ poster }) => poster), ['', 'new.jpg', '']);
	await applyMessages();
	assert.deepEqual(fake.requests, []);
});

test('a sync of many meetings is counted once', async () => {
	const { fake, list, numbers, expected } = await openList(0);
	fake.rows = [...Array(350).keys()].reverse().map(meeting);
	for (const record of fake.rows) fake.send({ action: 'create', record });
	await applyMessages();
	assert.deepEqual([list.total, numbers(), fake.requests.length], [350, expected(0, pageSize), 1]);
});

test('what is shown stays where it is while it is read again', async () => {
	const { fake, list, expected, numbers } = await openList(500);
	list.want(200, 220);
	await settle();
	fake.rows = fake.rows.filter(({ recording_id: n }) => n % 2 === 0);
	fake.send({ action: 'delete', record: meeting(1) });
	assert.ok(list.at(210), 'until the answer has come');
	await applyMessages();
	assert.deepEqual([list.total, numbers()], [250, expected(200, 250)]);
});

test('another filter is read from its beginning, a title once it is typed', async () => {
	const { fake, list, numbers } = await openList(500);
	list.want(400, 420);
	await settle();
	fake.requests.length = 0;
	for (const title of ['M', 'Meeting', 'Meeting 49']) list.show({ filter: { title }, sort: 'newest', view: 'list' });
	assert.equal(list.loading.value, true);
	mock.timers.tick(250);
	await settle();
	assert.equal(fake.requests.length, 2, 'what matches, and the numbers of all');
	assert.deepEqual([list.total, list.totalOfAll.value, numbers()[0], list.loading.value], [11, 500, 499, false]);
	list.show({ filter: { title: 'Meeting 49' }, sort: 'newest', view: 'grid' });
	await settle();
	assert.equal(fake.requests.length, 2, 'a grid shows the same');
});

test('what acts on the list uses the filter that was read, also while requests fail', async () => {
	const { fake, list, numbers } = await openList(500);
	fake.isDown = true;
	list.scroll = 900;
	list.show({ filter: { title: 'Meeting 49' }, sort: 'newest', view: 'list' });
	const state = () => [list.filter.title, list.total, list.isCurrent.value];
	assert.deepEqual([list.scroll, ...state()], [0, undefined, 500, false]);
	mock.timers.tick(250);
	await settle();
	assert.deepEqual([list.loading.value, ...state()], [false, undefined, 500, false]);
	fake.isDown = false;
	list.want(100, 120); // of what is shown
	await settle();
	assert.equal(list.at(100)?.recording_id, 399);
	await list.refresh();
	assert.deepEqual(state(), ['Meeting 49', 11, true]);
	assert.equal(numbers().length, 11);
});

test('a window of the old filter isn’t mixed into the new one', async () => {
	const { fake, list } = await openList(500);
	let answer = () => {};
	fake.delay = ({ offset }) => (offset === 100 ? new Promise((resolve) => {
		answer = resolve;
	}) : undefined);
	list.show({ filter: { state: 'problem' }, sort: 'oldest', view: 'list' });
	list.want(100, 120);
	await settle();
	answer();
	await settle();
	assert.deepEqual([...list.pages.value.keys()], [0]);
});

test('a deleted recording is noticed, and a deleted meeting is reported', async () => {
	const { fake, list } = await openList(3);
	const deleted = /** @type {string[]} */ ([]);
	list.onDelete = (id) => deleted.push(id);
	let resumed = 0;
	list.onResume = () => resumed++;
	fake.reconnect();
	await settle();
	assert.deepEqual([resumed, fake.requests.length], [1, 1]);
	fake.requests.length = 0;
	fake.sendRecording({ action: 'delete', record: { id: 'r1', recording_id: 1 } });
	await applyMessages();
	assert.equal(fake.requests.length, 1);
	fake.send({ action: 'delete', record: meeting(1) });
	fake.send({ action: 'delete', record: meeting(900) }); // isn't loaded
	assert.deepEqual(deleted, ['m1', 'm900']);
});

test('an answer that is late changes nothing', async () => {
	const { fake, list, numbers } = await openList(500);
	let answer = () => {};
	fake.delay = (query) => (query.sort === 'newest' ? new Promise((resolve) => {
		answer = resolve;
	}) : undefined);
	list.want(300, 320);
	list.show({ filter: { state: 'problem' }, sort: 'oldest', view: 'list' });
	await settle();
	answer();
	await settle();
	assert.deepEqual([...list.pages.value.keys()], [0]);
	assert.equal(numbers().length, pageSize);
});

test('the first response is shown while a second read runs, whose response stays', async () => {
	const fake = fakeServer(3);
	/** @type {(() => void)[]} */
	const answers = [];
	fake.delay = () => new Promise((resolve) => answers.push(resolve));
	const list = new MeetingList(fake.db, fake.stream);
	const counted = () => [list.loaded.value, list.total];
	list.start(); // reads at once, and again when the stream is connected
	await settle();
	list.refresh();
	await settle();
	assert.equal(answers.length, 3);
	answers[1]();
	await settle();
	assert.deepEqual(counted(), [true, 3]);
	fake.rows.pop();
	answers[2]();
	await settle();
	assert.deepEqual(counted(), [true, 2]);
	fake.rows.push(meeting(0), meeting(0));
	answers[0]();
	await settle();
	assert.deepEqual(counted(), [true, 2], 'an older response replaces a newer one');
});

test('a failure is reported, and the list stays', async () => {
	const { fake, list, numbers } = await openList(100);
	fake.isDown = true;
	await list.refresh();
	assert.deepEqual([list.error.value !== '', numbers().length], [true, pageSize]);
	fake.isDown = false;
	await list.refresh();
	assert.equal(list.error.value, '');
});
