import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMatches, lineAt, linesOf, passagesOf, passageText, transcriptText } from '../src/lib/transcript.js';

/** @param {string} speaker @param {string} text @param {string} [timestamp] */
const said = (speaker, text, timestamp) => ({ speaker: { display_name: speaker }, text, timestamp });

const passages = passagesOf([
	said('Ada', 'Good morning.', '00:00:01'), said('Ada', ' Shall we begin? ', '00:00:04'), said('Grace', '', '00:00:05'),
	said('Grace', 'Yes (1+1).', 'broken'), said('', 'No name.', '01:02:03'),
]);

test('passages join what one person says, and leave out what is blank', () => {
	assert.deepEqual(passages, [
		{ speaker: 'Ada', start: 1, first: 0, lines: [{ start: 1, text: 'Good morning.' }, { start: 4, text: 'Shall we begin?' }] },
		{ speaker: 'Grace', start: 5, first: 2, lines: [{ start: 5, text: 'Yes (1+1).' }] },
		{ speaker: 'Unknown speaker', start: 3723, first: 3, lines: [{ start: 3723, text: 'No name.' }] },
	]);
	assert.deepEqual(passagesOf([]), []);
	assert.deepEqual(passagesOf([{}]), []);
});

test('a long speech is divided', () => {
	const speech = passagesOf([...Array(10).keys()].map((n) => said('Ada', 'x'.repeat(250), `00:00:0${n}`)));
	assert.deepEqual(speech.map(({ first, start, lines }) => [first, start, lines.length]), [[0, 0, 3], [3, 3, 3], [6, 6, 3], [9, 9, 1]]);
});

test('the line that is spoken at a time is the last one that has begun', () => {
	const lines = linesOf(passages);
	for (const [seconds, line] of [[0, -1], [1, 0], [3.9, 0], [4, 1], [5000, 3]]) assert.equal(lineAt(lines, seconds), line, String(seconds));
});

test('texts to paste elsewhere name the speaker and the time', () => {
	assert.equal(passageText(passages[0]), 'Ada (0:01)\nGood morning. Shall we begin?');
	assert.equal(transcriptText(passages), 'Ada (0:01)\nGood morning. Shall we begin?\n\nGrace (0:05)\nYes (1+1).\n\nUnknown speaker (1:02:03)\nNo name.');
});

test('a search ignores case and takes every character literally', () => {
	const lines = linesOf(passages);
	assert.deepEqual(findMatches(lines, 'GOOD'), [{ line: 0, range: [0, 4] }]);
	assert.deepEqual(findMatches(lines, ' (1+1) '), [{ line: 2, range: [4, 9] }]);
	assert.equal(findMatches(lines, 'o').length, 4);
	for (const nothing of ['', '  ', 'zebra', '.*', '[a']) assert.deepEqual(findMatches(lines, nothing), [], nothing);
	for (const character of '\\^$.*+?()[]{}|/-&~#@!"%,:;<=>`\'') assert.equal(findMatches([{ start: 0, text: `a${character}b` }], character).length, 1, character);
	assert.deepEqual(findMatches([{ start: 0, text: 'İstanbul and ISTANBUL' }], 'istanbul'), [{ line: 0, range: [13, 21] }]);
});
