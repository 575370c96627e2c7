import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Selection } from '../src/data/selection.js';

/** @param {number} n @returns {any} */
const meeting = (n) => ({ id: `m${n}`, recording_id: n, duration: 60, size: n * 1000 });

/** @template T @param {T} value */
const signalOf = (value) => ({ value, peek() {
	return this.value;
} });

/** A selection in a library of 1,000 meetings, and the ranges that it has loaded. */
function start() {
	/** @type {[number, number][]} */
	const ranges = [];
	const list = {
		filter: /** @type {import('../src/data/types.js').LibraryFilter} */ ({ title: 'sync' }), items: { value: /** @type {any[]} */ ([]) },
		overview: { value: { total: 1000, seconds: 60_000, states: { at_fathom: 1000 } } },
		isCurrent: signalOf(true), readView: signalOf({ filter: { title: 'sync' }, sort: 'newest', view: 'list' }),
		/** Is awaited before a range is known. @type {() => Promise<void> | void} */
		delay: () => {},
		/** @param {{index: number}} from @param {{index: number}} to */
		async range(from, to) {
			ranges.push([from.index, to.index]);
			await list.delay();
			const [first, last] = [from.index, to.index].sort((a, b) => a - b);
			return [...Array(last - first + 1).keys()].map((n) => meeting(first + n));
		},
	};
	/** @type {Map<number, any>} */
	const phases = new Map();
	const selection = new Selection(/** @type {any} */ (list), (id) => phases.get(id) ?? 'none');
	const set = (/** @type {number} */ n, /** @type {boolean} */ isSelected, isRange = false) => selection.set(meeting(n), n, isSelected, isRange);
	return { selection, list, ranges, phases, set };
}

test('a range includes meetings that aren’t loaded, in either direction', async () => {
	const { selection, ranges, set } = start();
	await set(5, true);
	await set(700, true, true);
	assert.deepEqual([selection.summary.count, ranges], [696, [[5, 700]]]);
	await set(690, false, true);
	assert.equal(selection.summary.count, 685);
	assert.deepEqual([selection.has('m689'), selection.has('m690'), selection.has('m700')], [true, false, false]);
});

test('a range without a start is one meeting', async () => {
	const { selection, list, ranges, set } = start();
	await set(9, true, true);
	assert.deepEqual([selection.request, ranges], [{ recording_ids: [9] }, []]);
	selection.clear();
	await set(20, true, true);
	assert.deepEqual(selection.request, { recording_ids: [20] });
	list.readView.value = { ...list.readView.value, view: 'grid' };
	await set(21, true, true);
	list.readView.value = { ...list.readView.value, sort: 'oldest' };
	await set(30, true, true);
	assert.deepEqual([selection.request, ranges], [{ recording_ids: [20, 21, 30] }, [[20, 21]]], 'in another order, other meetings lie between');
});

test('a range that is late changes nothing of another selection, nor what the user has changed since', async () => {
	for (const move of [(/** @type {Selection} */ selection) => selection.clear(), (/** @type {Selection} */ selection) => selection.selectAll()]) {
		const { selection, list, set } = start();
		await set(5, true);
		let answer = () => {};
		list.delay = () => new Promise((resolve) => {
			answer = resolve;
		});
		const ranged = set(90, true, true);
		move(selection);
		const { count } = selection.summary;
		answer();
		await ranged;
		assert.equal(selection.summary.count, count);
	}
	const { selection, list, set } = start();
	await set(5, true);
	let answer = () => {};
	list.delay = () => new Promise((resolve) => {
		answer = resolve;
	});
	const ranged = set(9, true, true);
	await set(5, false);
	answer();
	await ranged;
	assert.deepEqual(selection.request, { recording_ids: [9, 6, 7, 8] });
});

test('a range that can’t be read is reported until something else is selected', async () => {
	const { selection, list, set } = start();
	await set(5, true);
	list.delay = () => Promise.reject(new Error('offline'));
	await set(90, true, true);
	assert.deepEqual([selection.error.value, selection.summary.count], ['offline.', 2]);
	await set(91, true);
	assert.equal(selection.error.value, '');
});

test('meetings that don’t match the wanted filter aren’t selected', async () => {
	const { selection, list, set } = start();
	list.isCurrent.value = false;
	await set(5, true);
	selection.selectAll();
	assert.equal(selection.summary.count, 0);
});

test('a deleted meeting isn’t selected any more', async () => {
	const { selection, set } = start();
	await set(5, true);
	await set(6, true);
	selection.remove('m5');
	selection.remove('m7');
	assert.deepEqual(selection.request, { recording_ids: [6] });
});

test('meetings that were deleted during an interruption aren’t selected any more', async () => {
	const { selection, set } = start();
	const asked = /** @type {number[][]} */ ([]);
	const read = async (/** @type {number[]} */ ids) => {
		asked.push(ids);
		return ids.filter((id) => id !== 5).map(meeting);
	};
	await set(5, true);
	await set(6, true);
	await selection.forgetDeleted(read);
	assert.deepEqual([asked, selection.request], [[[5, 6]], { recording_ids: [6] }]);
});

test('a new selection is reported once', async () => {
	const { selection, set } = start();
	let begun = 0;
	selection.onBegin = () => begun++;
	await set(5, true);
	await set(6, true);
	assert.equal(begun, 1);
	selection.clear();
	selection.selectAll();
	await set(6, false);
	assert.equal(begun, 2);
});

test('all that match are selected by their filter, except for those that are left out', async () => {
	const { selection, set } = start();
	selection.selectAll();
	assert.deepEqual(selection.request, { library: { title: 'sync' } });
	assert.deepEqual([selection.has('anything'), selection.summary], [true, { count: 1000, bytes: 0, seconds: 60_000, uncopied: 60_000 }]);
	await set(3, false);
	await set(5, false, true);
	assert.deepEqual(selection.request, { library: { title: 'sync' }, except: [3, 5, 4] });
	assert.deepEqual([selection.has('m4'), selection.has('m6'), selection.summary.count, selection.meetings], [false, true, 997, []]);
	await set(4, true);
	assert.deepEqual(selection.request, { library: { title: 'sync' }, except: [3, 5] });
	selection.clear();
	assert.deepEqual([selection.summary.count, selection.isAll.value], [0, false]);
});

test('the size is only said if it is known of each', async () => {
	const { selection, set } = start();
	await set(1, true);
	await set(2, true);
	assert.deepEqual(selection.summary, { count: 2, bytes: 3000, seconds: 120, uncopied: 120 });
	await set(0, true); // its size is unknown
	assert.equal(selection.summary.bytes, 0);
});

test('what is known of the selected meetings is what the library knows now', async () => {
	const { selection, list, set } = start();
	await set(1, true);
	await set(2, true);
	list.items.value = [{ ...meeting(2), size: 5000, recording: 'r2' }, { ...meeting(3), recording: 'r3' }];
	assert.deepEqual(selection.meetings.map(({ id, recording }) => [id, recording]), [['m1', undefined], ['m2', 'r2']]);
	assert.equal(selection.summary.bytes, 6000);
});

test('the time to copy is known of what isn’t copied yet', async () => {
	const { selection, list, phases, set } = start();
	await set(1, true);
	await selection.set({ ...meeting(2), recording: 'r2' }, 2, true);
	for (const [n, phase] of [[3, 'done'], [4, 'running'], [5, 'upload']].map(([id, name]) => /** @type {const} */ ([Number(id), name]))) {
		phases.set(n, phase);
		await set(n, true); // without a file here
	}
	assert.equal(selection.summary.uncopied, 60);
	selection.selectAll();
	list.overview.value.states.at_fathom = 999;
	assert.equal(selection.summary.uncopied, 0, 'one of them is copied');
	list.filter = { state: 'at_fathom' };
	await set(3, false);
	assert.equal(selection.summary.uncopied, 59_940);
	list.filter = { state: 'problem' };
	list.overview.value.states.at_fathom = 1000; // as many as match
	assert.equal(selection.summary.uncopied, 0);
});
