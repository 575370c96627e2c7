import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexNow, noRow } from '../src/lib/focused_row.js';

test('the focus is where its meeting is, after others were added above it', () => {
	const meetings = { indexOf: (/** @type {string} */ id) => ['m9', 'm3', 'm2'].indexOf(id) };
	const row = (/** @type {string} */ id, /** @type {number} */ index) => ({ index, meeting: /** @type {any} */ ({ id }) });
	assert.equal(indexNow(row('m3', 0), meetings), 1);
	assert.equal(indexNow(row('m7', 40), meetings), 40, 'it isn’t loaded any more');
	assert.equal(indexNow({ index: 60, meeting: undefined }, meetings), 60, 'it isn’t loaded yet');
	assert.equal(indexNow(noRow, meetings), -1);
});
