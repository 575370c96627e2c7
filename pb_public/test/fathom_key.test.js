import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUntested, keyProblem } from '../src/lib/fathom_key.js';

test('keyProblem accepts what may be a key', () => {
	for (const key of ['abcDEF_123-456.abcdefghijklmnop', 'a-wrong-fathom-api-key']) assert.equal(keyProblem(key), '', key);
});

test('keyProblem says what was pasted instead of a key', () => {
	for (const [text, problem] of /** @type {[string, RegExp][]} */ ([
		['', /^Paste your/],
		['https://fathom.video/customize#api-access-header', /address of a page/],
		['whsec_abcdef', /secret of a webhook/],
		['••••••••••', /dots that hide a key/],
		['X-Api-Key: abcdef', /no spaces/],
		['abc\ndef', /no spaces/],
		['abc…def', /no API key has/],
		['ada@example.com', /e-mail address/],
		['a'.repeat(9000), /too long/],
	])) assert.match(keyProblem(text), problem, text);
});

test('isUntested is about answers that say nothing about the key', () => {
	assert.equal(isUntested({ status: 503 }), true);
	for (const error of [{ status: 400 }, { status: 0 }, null, new Error('x')]) assert.equal(isUntested(error), false);
});
