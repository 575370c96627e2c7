import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkDoubt, linkProblem } from '../src/lib/link_problem.js';

/** @param {any} refusal */
const failure = (refusal) => ({ status: 400, response: { data: { share_url: refusal } } });

test('a link to a video of another length shows both sides', () => {
	const problem = linkProblem(failure({
		code: 'validation_link_length', message: 'x', expected: { title: 'Weekly sync', duration: 1800 }, found: { title: 'Weekly sync', duration: 3723.4 },
	}));
	assert.deepEqual(problem, {
		message: 'The video at Loom has another length than this recording.',
		sides: [{ name: 'At Loom', text: 'Weekly sync · 1:02:03' }, { name: 'This recording', text: 'Weekly sync · 30:00' }],
	});
});

test('a link that cannot be checked may be saved, one that leads elsewhere may not', () => {
	assert.deepEqual(linkProblem(failure({ code: 'validation_link_private', message: 'Nobody sees it.' })), { message: 'Nobody sees it.', sides: [] });
	assert.equal(linkProblem(failure({ code: 'validation_share_url', message: 'Not a link.' })), null);
	assert.equal(linkProblem(failure({ code: 'validation_link_taken', message: 'Taken.' })), null);
	assert.equal(linkProblem({ status: 0 }), null);
	assert.equal(linkProblem(null), null);
});

test('a delivered transfer says how far its link was checked', () => {
	assert.equal(linkDoubt({ verified: true, unchecked: '', error: '' }), '');
	assert.match(linkDoubt({ verified: false, unchecked: 'private', error: '' }), /only to some people/);
	assert.match(linkDoubt({ verified: false, unchecked: 'unreachable', error: '' }), /checked again on your later visits, up to 12 times/);
	assert.match(linkDoubt({ verified: false, unchecked: '', error: '' }), /differs/);
});
