import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { SavedFiles, savedFilesKey } from '../src/data/saved_files.js';

/** @type {Map<string, string>} */
const stored = new Map();
beforeEach(() => {
	stored.clear();
	Object.assign(globalThis, {
		localStorage: {
			getItem: (/** @type {string} */ key) => stored.get(key) ?? null,
			setItem: (/** @type {string} */ key, /** @type {string} */ value) => stored.set(key, value),
			removeItem: (/** @type {string} */ key) => stored.delete(key),
		},
	});
});

test('a tick stays after a reload, for the same file of the same database', () => {
	new SavedFiles('one').add({ recordingID: 1, size: 10 }, 'saved');
	new SavedFiles('one').add({ recordingID: 2, size: 20 }, 'started');
	const again = new SavedFiles('one');
	assert.equal(again.stateOf({ recordingID: 1, size: 10 }), 'saved');
	assert.equal(again.stateOf({ recordingID: 2, size: 20 }), 'started');
	assert.equal(again.stateOf({ recordingID: 1, size: 11 }), '', 'another copy');
	assert.equal(new SavedFiles('two').stateOf({ recordingID: 1, size: 10 }), '');
});

test('files that no longer wait are forgotten', () => {
	const saved = new SavedFiles('one');
	for (const recordingID of [1, 2]) saved.add({ recordingID, size: 10 }, 'saved');
	saved.keepOnly([2]);
	assert.equal(saved.stateOf({ recordingID: 1, size: 10 }), '');
	assert.equal(new SavedFiles('one').stateOf({ recordingID: 2, size: 10 }), 'saved');
	saved.keepOnly([]);
	assert.equal(stored.size, 0);
});

test('ticks of other tabs stay when files are forgotten', () => {
	const [saved, other] = [new SavedFiles('one'), new SavedFiles('one')];
	for (const recordingID of [1, 2]) saved.add({ recordingID, size: 10 }, 'saved');
	other.add({ recordingID: 3, size: 10 }, 'saved');
	saved.keepOnly([2, 3]);
	const again = new SavedFiles('one');
	assert.deepEqual([1, 2, 3].map((recordingID) => again.stateOf({ recordingID, size: 10 })), ['', 'saved', 'saved']);
});

test('what can’t be read is ignored', () => {
	for (const text of ['{', 'null']) {
		stored.set(`${savedFilesKey}one`, text);
		assert.equal(new SavedFiles('one').stateOf({ recordingID: 1, size: 10 }), '');
	}
});
