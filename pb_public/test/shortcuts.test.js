import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { playback } from '../src/lib/playback.js';
import { isInField, isPaletteKey, isShortcut, shortcuts } from '../src/lib/shortcuts.js';

let isDialogOpen = false;
Object.assign(globalThis, { document: { querySelector: () => (isDialogOpen ? {} : null) } });
beforeEach(() => {
	isDialogOpen = false;
	playback.value = { rate: 1, captions: false, keys: true };
});

const body = { closest: () => null };
const field = { closest: () => ({}) };
const plain = { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, defaultPrevented: false, isComposing: false, target: body };

test('a key alone is a shortcut, except together with others and where text is entered', () => {
	assert.equal(isShortcut({ ...plain, key: 'j' }), true);
	for (const with_ of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { defaultPrevented: true }, { isComposing: true }, { target: field }]) {
		assert.equal(isShortcut({ ...plain, ...with_, key: 'j' }), false, JSON.stringify(with_));
	}
});

test('no key reaches the page behind a dialog', () => {
	isDialogOpen = true;
	for (const key of ['j', '/', 'ArrowDown']) assert.equal(isShortcut({ ...plain, key }), false, key);
	assert.equal(isInField({ target: body }), true);
});

test('keys with one character can be turned off', () => {
	playback.value = { ...playback.value, keys: false };
	for (const { shortcuts: ofPlace } of shortcuts) {
		for (const key of ofPlace.flatMap(({ keys }) => keys).filter((name) => name.length === 1 && !/[↓↑→←]/.test(name))) {
			assert.equal(isShortcut({ ...plain, key }), false, key);
		}
	}
	assert.equal(isShortcut({ ...plain, key: 'ArrowDown' }), true, 'arrows move from the row that has the focus');
	assert.equal(isInField({ target: body }), false);
});

test('the palette has the key of the system, and no other', () => {
	assert.equal(isPaletteKey({ ...plain, key: 'k', ctrlKey: true }, false), true);
	assert.equal(isPaletteKey({ ...plain, key: 'K', metaKey: true }, true), true);
	assert.equal(isPaletteKey({ ...plain, key: 'k', ctrlKey: true }, true), false, 'on a Mac, it deletes to the end of the line');
	assert.equal(isPaletteKey({ ...plain, key: 'k', metaKey: true }, false), false);
	for (const onMac of [true, false]) {
		for (const more of [{ shiftKey: true }, { altKey: true }]) assert.equal(isPaletteKey({ ...plain, key: 'k', ctrlKey: !onMac, metaKey: onMac, ...more }, onMac), false);
	}
});
