import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chapterAt, chapterCues } from '../src/lib/chapters.js';

const chapters = [{ start: 0, title: 'Start' }, { start: 64.5, title: 'Budget' }, { start: 120, title: 'Next steps' }];

test('each chapter ends where the next one starts', () => {
	assert.deepEqual(chapterCues(chapters, 300), [
		{ start: 0, end: 64.5, title: 'Start' }, { start: 64.5, end: 120, title: 'Budget' }, { start: 120, end: 300, title: 'Next steps' },
	]);
	assert.deepEqual(chapterCues([], 300), []);
});

test('the last chapter has an end even if the length is unknown or too short', () => {
	for (const length of [0, NaN, Infinity, 100]) assert.equal(chapterCues(chapters, length).at(-1)?.end, 121, String(length));
});

test('chapterAt finds the chapter that is being played', () => {
	assert.deepEqual([0, 64.4, 64.5, 119, 9999].map((at) => chapterAt(chapters, at)), [0, 0, 1, 1, 2]);
	assert.equal(chapterAt([], 5), -1);
});
