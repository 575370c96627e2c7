import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markedParts, openEnded, sourceText } from '../src/lib/search_text.js';

/** Parts as "text [match] text". @param {string} text @param {any} ranges */
const marked = (text, ranges) => markedParts(text, ranges).map((part) => (part.isMatch ? `[${part.text}]` : part.text)).join('');

test('matches are marked', () => {
	assert.equal(marked('Let us talk about the budget.', [[22, 28]]), 'Let us talk about the [budget].');
	assert.equal(marked('budget, budget', [[0, 6], [8, 14]]), '[budget], [budget]');
	assert.equal(marked('😀 会議', [[3, 5]]), '😀 [会議]', 'ranges are in UTF-16 code units');
	assert.equal(marked('', []), '');
});

test('ranges that do not fit never change the text', () => {
	for (const ranges of [[[-1, 3]], [[4, 2]], [[2, 2]], [[20, 30]], [[0, 99]], [[NaN, 2]], [[3, 5], [1, 4]], [['0', null]]]) {
		assert.equal(marked('a budget', ranges).replace(/[[\]]/g, ''), 'a budget', JSON.stringify(ranges));
	}
});

test('the source of a match is in plain words', () => {
	const match = { start: null, text: '', ranges: [] };
	assert.equal(sourceText({ ...match, field: 'transcript', speaker: 'Ada Lovelace' }), 'Ada Lovelace said');
	assert.equal(sourceText({ ...match, field: 'transcript', speaker: '' }), 'Said');
	assert.equal(sourceText({ ...match, field: 'action_item', speaker: '' }), 'Action item');
	assert.equal(sourceText({ ...match, field: 'of a later version', speaker: '' }), 'Text');
});

test('the last word of a search may be the beginning of one', () => {
	const cases = {
		budg: 'budg*', 'next quar': 'next quar*', 'from:ada budget': 'from:ada budget*', 'Ünal': 'Ünal*', 'ميزانية': 'ميزانية*',
		'budg*': 'budg*', '"next quarter"': '"next quarter"', '"next quar': '"next quar', 'a OR': 'a OR', 'after:2026': 'after:2026', x: 'x', '会議': '会議', '': '',
	};
	for (const [query, sent] of Object.entries(cases)) assert.equal(openEnded(query), sent);
});
