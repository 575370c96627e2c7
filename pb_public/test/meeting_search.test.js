import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { MeetingSearch } from '../src/data/meeting_search.js';

Object.assign(globalThis, { document: { baseURI: 'https://example.com/' } });

beforeEach(() => mock.timers.enable({ apis: ['Date'] }));
afterEach(() => mock.timers.reset());

/** A server with meetings that all match. */
function open({ meetings = 45, complete = true } = {}) {
	/** @type {any} */
	const server = { meetings, complete, requests: [], error: null, deleted: new Set() };
	/** @type {any} */
	const db = {
		/** @param {string} path @param {any} options */
		async send(path, { query }) {
			server.requests.push({ path, ...query });
			if (server.error) throw server.error;
			if (query.offset === 0) await server.firstPage;
			const ids = [...Array(server.meetings).keys()].map((index) => index + 1).slice(query.offset, query.offset + query.limit);
			return {
				complete: server.complete, total: server.meetings,
				items: ids.map((id) => ({ recording_id: id, title: `${query.q} ${id}`, recorded_at: '', matches: [] })),
			};
		},
		collection: () => ({
			/** @param {[number, number, any]} options */
			async getList(...[, size, { filter }]) {
				const ids = [...filter.matchAll(/recording_id = (\d+)/g)].map(([, id]) => Number(id));
				return { items: ids.filter((id) => !server.deleted.has(id)).map((id) => ({ id: `m${id}`, recording_id: id, duration: 60 })).reverse().slice(0, size) };
			},
		}),
	};
	return { server, search: new MeetingSearch(db) };
}

test('results keep the order of the server and are loaded page by page', async () => {
	const { server, search } = open();
	await search.search('budget');
	assert.equal(search.items.value.length, 20);
	assert.equal(search.total.value, 45);
	assert.deepEqual(search.items.value.slice(0, 2).map(({ id, title, href }) => [id, title, href]), [['m1', 'budget* 1', 'https://example.com/meetings/m1'], ['m2', 'budget* 2', 'https://example.com/meetings/m2']]);
	await search.loadMore();
	await search.loadMore();
	assert.equal(search.items.value.length, 45);
	assert.equal(search.hasMore.value, false);
	assert.deepEqual(server.requests.map((/** @type {any} */ { offset }) => offset), [0, 20, 40]);
});

test('a search that was just made is not repeated, but an incomplete or older one is', async () => {
	const { server, search } = open({ meetings: 1, complete: false });
	await search.search('budget');
	assert.equal(search.complete.value, false);
	server.complete = true;
	await search.search('budget');
	assert.equal(search.complete.value, true);
	await search.search('budget');
	assert.equal(server.requests.length, 2);
	mock.timers.tick(61_000);
	await search.search('budget');
	assert.equal(server.requests.length, 3);
});

test('a repeated search keeps all pages that were shown', async () => {
	const { server, search } = open();
	await search.search('budget');
	await search.loadMore();
	mock.timers.tick(61_000);
	server.meetings = 46;
	const again = search.search('budget');
	assert.equal(search.items.value.length, 40, 'the former results stay until the new ones are there');
	await again;
	assert.deepEqual([search.items.value.length, search.total.value, search.hasMore.value], [40, 46, true]);
	await search.loadMore();
	assert.deepEqual([search.items.value.length, search.hasMore.value], [46, false]);
	await search.search('forecast');
	assert.equal(search.items.value.length, 20, 'another search begins with one page');
});

test('a page that is loaded while the search is repeated stays', async () => {
	const { server, search } = open();
	await search.search('budget');
	mock.timers.tick(61_000);
	let release = () => {};
	server.firstPage = new Promise((resolve) => {
		release = () => resolve(undefined);
	});
	const again = search.search('budget');
	await search.loadMore();
	release();
	await again;
	assert.deepEqual([search.items.value.length, search.hasMore.value], [40, true]);
	await search.loadMore();
	assert.equal(search.items.value.length, 45);
});

test('the results of an earlier search never replace those of a later one', async () => {
	const { search } = open();
	await Promise.all([search.search('first'), search.search('second')]);
	assert.equal(search.items.value[0].title, 'second* 1');
	assert.equal(search.loading.value, false);
	const more = search.loadMore();
	await Promise.all([search.search('third'), more]);
	assert.deepEqual(search.items.value.map(({ title }) => title.split(' ')[0]), Array(20).fill('third*'));
});

test('a failure is reported and can be repeated', async () => {
	const { server, search } = open({ meetings: 3 });
	server.error = Object.assign(new Error('refused'), { status: 400, response: { message: 'The quotation mark is never closed.' } });
	await search.search('"a');
	assert.equal(search.error.value.status, 400);
	assert.equal(search.loading.value, false);
	server.error = null;
	await search.search('"a');
	assert.equal(search.error.value, null);
	assert.equal(search.items.value.length, 3);
});

test('meetings that were deleted meanwhile are left out', async () => {
	const { server, search } = open({ meetings: 3 });
	server.deleted.add(2);
	await search.search('budget');
	assert.deepEqual(search.items.value.map(({ id }) => id), ['m1', 'm3']);
});

test('a blank search asks nobody', async () => {
	const { server, search } = open();
	await search.search('budget');
	await search.search('');
	assert.deepEqual([search.items.value.length, search.loading.value, search.hasMore.value], [0, false, false]);
	assert.equal(server.requests.length, 1);
});
