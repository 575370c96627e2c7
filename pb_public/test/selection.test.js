import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '../vendor/signals.js';
import { Selection } from '../src/data/selection.js';

/** @param {string} ids one letter each */
const meetings = (ids) => [...ids].map((id) => /** @type {any} */ ({ id }));

/** @param {string} ids */
function start(ids) {
	const items = signal(meetings(ids));
	const selection = new Selection({ items });
	return { items, selection, selected: () => selection.meetings.map(({ id }) => id).join('') };
}

test('a range goes from the last meeting to this one, in either direction', () => {
	const { selection, selected } = start('abcdef');
	selection.set('b', true);
	selection.set('e', true, true);
	assert.equal(selected(), 'bcde');
	selection.set('c', false, true);
	assert.equal(selected(), 'b');
	selection.set('a', true, true);
	assert.equal(selected(), 'abc');
});

test('a range without a start is one meeting', () => {
	const { items, selection, selected } = start('abc');
	selection.set('b', true, true);
	assert.equal(selected(), 'b');
	items.value = meetings('xyz'); // a search hides the start
	selection.set('z', true, true);
	assert.equal(selected(), 'z');
});

test('only meetings on the list count as selected', () => {
	const { items, selection, selected } = start('abc');
	selection.setAll(true);
	items.value = meetings('b');
	assert.equal(selected(), 'b');
	selection.setAll(false);
	items.value = meetings('abc');
	assert.equal(selected(), 'ac');
	selection.clear();
	assert.equal(selected(), '');
});
