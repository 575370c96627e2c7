import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getLabel, gotText, limitsText, linksText } from '../src/lib/desk_text.js';

const plain = (/** @type {string} */ text) => text.replaceAll('\u00a0', ' ');
const file = (/** @type {number} */ duration) => ({ size: 300e6, duration });

test('the button says how many files it gets, and where they go', () => {
	const files = [file(60), file(60)];
	/** @param {Partial<Parameters<typeof getLabel>[1]>} which */
	const label = (which) => plain(getLabel(files, { isRest: false, isAgain: false, intoFolder: true, ...which }));
	assert.equal(label({}), 'Save 2 files (600 MB) to a folder');
	assert.equal(label({ isRest: true }), 'Save the other 2 files (600 MB)');
	assert.equal(label({ isAgain: true }), 'Save 2 files (600 MB) to a folder again');
	assert.equal(label({ intoFolder: false }), 'Download 2 files (600 MB)');
	assert.equal(label({ intoFolder: false, isAgain: true }), 'Download 2 files (600 MB) again');
});

test('only files that the page has written are called saved', () => {
	assert.equal(gotText(0, 3, true), 'None saved yet.');
	assert.equal(gotText(2, 3, true), '2 of 3 files saved.');
	assert.equal(gotText(3, 3, true), 'All 3 files saved.');
	assert.equal(gotText(1, 1, true), '1 of 1 file saved.');
	assert.equal(gotText(3, 3, false), '3 of 3 downloads started. Your browser shows when they have finished.');
	for (const done of [0, 1, 2]) assert.doesNotMatch(gotText(done, 2, false), /saved/i);
});

test('what has become of the links', () => {
	assert.equal(linksText(11, 1), '11 delivered, 1 to look at');
	assert.equal(linksText(3, 0), '3 delivered');
	assert.equal(linksText(0, 2), '2 to look at');
	assert.equal(linksText(0, 0), 'No links yet');
});

test('the limits of Loom’s plan name the files that are too long for it', () => {
	const limits = 'Loom’s Starter plan holds 25 videos of up to 5 minutes each.';
	assert.equal(limitsText([file(300)]), limits);
	assert.equal(limitsText([file(301)]), `${limits} This one is longer.`);
	assert.equal(limitsText([file(301), file(10)]), `${limits} 1 of these is longer.`);
	assert.equal(limitsText([file(301), file(400)]), `${limits} All of these are longer.`);
});
