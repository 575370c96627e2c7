import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionsIn, conditionsText } from '../src/lib/rule_text.js';

/** @param {Record<string, string>} fields */
const form = (fields) => {
	const data = new FormData();
	for (const [name, value] of Object.entries(fields)) data.set(name, value);
	return data;
};

test('a form without entries has no conditions', () => {
	assert.deepEqual(conditionsIn(form({ types: ' , ', people: '', external: 'any', min_minutes: '' })), {});
});

test('the conditions of a form are lists, words and numbers', () => {
	const conditions = conditionsIn(form({
		recorded_by_me: 'on', domains: 'acme.com, example.org ,', title_not: 'Private', external: 'only', min_minutes: '12.5',
	}));
	assert.deepEqual(conditions, {
		recorded_by_me: true, domains: ['acme.com', 'example.org'], title_not: ['Private'], external: 'only', min_minutes: 12.5,
	});
	assert.equal(conditionsText(conditions),
		'Recorded by me · Domain: acme.com or example.org · Title doesn’t contain: Private · With external people · At least 12.5 minutes');
});
