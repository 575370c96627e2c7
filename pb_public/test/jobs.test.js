import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jobs, placesIn } from '../src/data/jobs.js';
import { choiceOf } from '../src/lib/transfer_state.js';
import { sortedJobs } from '../src/lib/activity_filter.js';
import { fakeStream } from './fake_stream.js';

/** Jobs that know of some, and what they send. @param {any[]} known */
function jobsWith(known) {
	/** @type {any[]} */
	const sent = [];
	const collection = {
		create: async (/** @type {any} */ body) => (sent.push(body.payload), { id: 'new', status: 'pending', ...body }),
		update: async (/** @type {string} */ id) => (sent.push(id), { id, status: 'pending' }),
	};
	const jobs = new Jobs(/** @type {any} */ ({ collection: () => collection }), /** @type {any} */ ({}));
	for (const [index, job] of known.entries()) jobs.put({ id: `j${index}`, kind: 'recording.transfer', status: 'dead', updated: '', ...job });
	return { jobs, sent };
}

test('a transfer has what was chosen, and nothing else', async () => {
	const { jobs, sent } = jobsWith([]);
	await jobs.transfer(1);
	await jobs.transfer(1, { visibility: 'public', folder: 'f1' });
	await jobs.transfer(1, { byHand: true, deliver: true, again: false });
	await jobs.transfer(1, { again: true, deliver: false });
	assert.deepEqual(sent, [
		{ recording_id: 1 }, { recording_id: 1, visibility: 'public', folder: 'f1' }, { recording_id: 1, by_hand: true },
		{ recording_id: 1, again: true, deliver: false },
	]);
});

test('only a job that did the same is retried', async () => {
	const rule = { recording_id: 1, deliver: true, again: false, visibility: 'workspace' }; // as the server writes it
	const { jobs, sent } = jobsWith([{ payload: rule }, { payload: { recording_id: 1 } }, { payload: { recording_id: 2, folder: 'f1' } }]);
	await jobs.transfer(1);
	await jobs.transfer(1, { visibility: 'workspace' });
	await jobs.transfer(2);
	await jobs.transfer(1, { visibility: 'public' });
	assert.deepEqual(sent, ['j1', 'j0', { recording_id: 2 }, { recording_id: 1, visibility: 'public' }]);
});

test('a retry keeps what was chosen', () => {
	assert.deepEqual(choiceOf(undefined), { deliver: true, byHand: false });
	assert.deepEqual(choiceOf(/** @type {any} */ ({ payload: { recording_id: 1, by_hand: true } })), { deliver: true, byHand: true });
	assert.deepEqual(choiceOf(/** @type {any} */ ({ payload: { deliver: false, visibility: 'public', folder: 'f1' } })), { deliver: false, byHand: false, visibility: 'public', folder: 'f1' });
});

test('places count the jobs ahead of the same kind, of any number of jobs', () => {
	const ids = [...Array(2000).keys()].map((index) => `job${index}`);
	const records = new Map([...ids.map((id) => /** @type {[string, {kind: string}]} */ ([id, { kind: 'recording.transfer' }])), ['sync', { kind: 'fathom.sync' }]]);
	const positions = Object.fromEntries(ids.map((id, index) => [id, index + 3]).reverse());
	const places = placesIn(/** @type {any} */ ({ positions: { sync: 2, ...positions } }), records);
	assert.deepEqual(places.get('sync'), { position: 2, ahead: 0 });
	for (const [index, id] of ids.entries()) assert.deepEqual(places.get(id), { position: index + 3, ahead: index });
	assert.equal(placesIn(null, records).size, 0);
});

test('an overview that was sent while one was read is the newer one', async () => {
	/** @type {((overview: any) => void)[]} */
	const answers = [];
	const read = () => new Promise((resolve) => answers.push(resolve));
	const collection = { getList: async () => ({ items: [], totalItems: 0, totalPages: 0 }) };
	const { stream, options, send } = fakeStream();
	const jobs = new Jobs(/** @type {any} */ ({ collection: () => collection, send: read }), stream);
	jobs.start();
	await new Promise(setImmediate);
	send('queue', { positions: { a: 1 } });
	assert.deepEqual(options, { 'global_queue/*': undefined, queue: undefined });
	answers[0]({ positions: { a: 2 } });
	await new Promise(setImmediate);
	assert.deepEqual(jobs.overview.value?.positions, { a: 1 });
	jobs.stop();
});

test('a job that ends while jobs are loaded hides no other', async () => {
	const ids = [...Array(501).keys()].map((index) => `j${index}`);
	const collection = {
		getList: async (/** @type {number} */ page, /** @type {number} */ size, /** @type {any} */ { filter }) => {
			const matching = filter.includes('dead') ? [...ids] : [];
			if (matching.length === 501) ids.shift(); // the first one ends
			const items = matching.slice((page - 1) * size, page * size).map((id) => ({ id, updated: '' }));
			return { items, totalItems: matching.length, totalPages: Math.ceil(matching.length / size) };
		},
	};
	const jobs = new Jobs(/** @type {any} */ ({ collection: () => collection }), fakeStream().stream);
	await jobs.reload();
	assert.equal(jobs.error.value, '');
	assert.equal(jobs.records.value.has('j500'), true);
	assert.equal(jobs.all.length, 500);
});

/** A server with jobs that ended, the latest first, of which it gives those that a filter of Jobs asks for. @param {any[]} ended */
function serverWith(ended) {
	/** @type {string[]} */
	const filters = [];
	const getList = async (/** @type {number} */ page, /** @type {number} */ size, /** @type {any} */ { filter }) => {
		filters.push(filter);
		const [, at = '9', , id = ''] = /finished_at < "(.*?)" \|\| \(finished_at = "(.*?)" && id > "(.*?)"/.exec(filter) ?? [];
		const only = [.../kind = "(.*?)"/g[Symbol.matchAll](filter)].map(([, kind]) => kind);
		const not = [.../kind != "(.*?)"/g[Symbol.matchAll](filter)].map(([, kind]) => kind);
		const matching = filter.startsWith('finished_at = ""') ? [] : ended
			.filter((job) => (!only.length || only.includes(job.kind)) && !not.includes(job.kind))
			.filter((job) => job.finished_at < at || (job.finished_at === at && job.id > id));
		return { items: matching.slice((page - 1) * size, page * size), totalItems: matching.length, totalPages: Math.ceil(matching.length / size) };
	};
	const filter = (/** @type {string} */ text, /** @type {any} */ values) => text.replace(/{:(\w+)}/g, (...[, name]) => JSON.stringify(values[name]));
	return { filters, jobs: new Jobs(/** @type {any} */ ({ collection: () => ({ getList }), filter }), fakeStream().stream) };
}

const done = (/** @type {string} */ id, /** @type {string} */ at, kind = 'recording.transfer') => ({ id, kind, status: 'completed', finished_at: at, created: at, updated: at });

test('older jobs of a group are found behind any number of others', async () => {
	const copies = [...Array(150).keys()].map((n) => done(`c${1000 + n}`, `3-${2000 - n}`));
	const { jobs } = serverWith([...copies, done('s2', '2', 'fathom.sync'), done('n2', '1', 'notice.send'), done('s1', '0', 'fathom.sync')]);
	await jobs.reload();
	assert.equal(jobs.mayHaveOlder, true);
	const ids = (/** @type {any} */ group) => sortedJobs(jobs.all, group).ended.map(({ id }) => id);
	assert.deepEqual(ids('syncs'), ['s2'], 'the last one is always known');
	assert.equal(await jobs.loadOlder('syncs'), false);
	assert.deepEqual(ids('syncs'), ['s2', 's1']);
	assert.equal(await jobs.loadOlder('other'), false);
	assert.deepEqual(ids('other'), ['n2']);
	assert.equal(await jobs.loadOlder('copies'), false);
	assert.equal(ids('copies').length, 150);
});

test('all jobs are found: behind a gap before the last sync, and if many ended at once', async () => {
	const { jobs } = serverWith([...[...Array(250).keys()].map((n) => done(`c${1000 + n}`, '3')), done('s1', '2', 'fathom.sync')]);
	await jobs.reload();
	assert.equal(jobs.all.length, 101);
	assert.equal(await jobs.loadOlder('all'), true);
	assert.equal(await jobs.loadOlder('all'), false);
	assert.equal(jobs.all.length, 251);
});

test('without many jobs, there are no older ones', async () => {
	const { jobs } = serverWith([done('c1', '1')]);
	await jobs.reload();
	assert.equal(jobs.mayHaveOlder, false);
});
