import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut } from '../src/lib/row_layout.js';
import { anchorAt, movedSince } from '../src/lib/use_scroll_anchor.js';

const layout = layOut([{ name: '', count: 100 }], { row: 50, heading: 0, columns: 1 });

/** A list that shows some meetings. @param {string[]} ids @param {unknown} view */
function listOf(ids, view) {
	/** @type {any} */
	const list = {
		ids, view: { value: view }, isCurrent: { value: true }, loading: { value: false },
		at: (/** @type {number} */ index) => list.ids[index] && { id: list.ids[index] },
		indexOf: (/** @type {string} */ id) => list.ids.indexOf(id),
	};
	return list;
}

test('a row is followed when others are added above it', () => {
	const list = listOf(['a', 'b', 'c'], {});
	const anchor = anchorAt(1, layout, list);
	list.ids = ['y', 'z', 'a', 'b', 'c'];
	assert.equal(movedSince(anchor, layout, list), 100);
	list.ids = ['c'];
	assert.equal(movedSince(anchor, layout, list), 0);
	assert.equal(movedSince(null, layout, list), 0);
});

test('a position to which the user has gone back isn’t changed for the sake of the rows of another filter', () => {
	const [wide, narrow] = [{ filter: {} }, { filter: { state: 'problem' } }];
	const list = listOf(['b', 'x'], narrow);
	const before = anchorAt(0, layout, list);
	Object.assign(list, { view: { value: wide }, isCurrent: { value: false }, loading: { value: true } }); // the Back button
	const meanwhile = anchorAt(0, layout, list);
	assert.deepEqual([movedSince(before, layout, list), meanwhile], [0, null]);
	Object.assign(list, { ids: ['a', 'b', 'c'], isCurrent: { value: true }, loading: { value: false } });
	assert.deepEqual([before, meanwhile].map((anchor) => movedSince(anchor, layout, list)), [0, 0]);
});
