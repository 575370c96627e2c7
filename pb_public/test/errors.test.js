import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldError, firstMessage, isStorageFull, messageOf, statusOf } from '../src/lib/errors.js';

/** An error of the PocketBase SDK. @param {number} status @param {any} [response] */
const refusal = (status, response = {}) => ({ status, response });

test('statusOf is 0 without a response', () => {
	assert.equal(statusOf(refusal(404)), 404);
	for (const error of [null, undefined, new Error('x'), { status: 'y' }]) assert.equal(statusOf(error), 0);
});

test('messageOf ends every message with a full stop', () => {
	assert.equal(messageOf(refusal(400, { message: 'The key is wrong' })), 'The key is wrong.');
	assert.equal(messageOf(refusal(400, { message: 'Is the key right?' })), 'Is the key right?');
	assert.equal(messageOf(new Error('The file is gone')), 'The file is gone.');
});

test('messageOf says what to do when the server does not', () => {
	assert.equal(messageOf(null), '');
	assert.match(messageOf(refusal(0)), /Cannot reach the server\. .*try again/);
	assert.match(messageOf(refusal(429)), /Wait a few seconds/);
	assert.equal(messageOf(refusal(429, { message: 'Reset your password.' })), 'Reset your password.');
	assert.match(messageOf(refusal(500)), /Try again\.$/);
	assert.match(messageOf(new Error('')), /Try again\.$/);
	assert.match(messageOf({}), /Try again\.$/);
});

test('fieldError reads the message of one field', () => {
	const error = refusal(400, { message: 'Failed.', data: { secret: { message: 'Too short' } } });
	assert.equal(fieldError(error, 'secret'), 'Too short.');
	assert.equal(fieldError(error, 'email'), '');
	assert.equal(fieldError(null, 'email'), '');
});

test('firstMessage prefers a field over the whole', () => {
	assert.equal(firstMessage(refusal(400, { message: 'Failed.', data: { a: {}, b: { message: 'B is missing' } } })), 'B is missing.');
	assert.equal(firstMessage(refusal(400, { message: 'Failed.', data: {} })), 'Failed.');
	assert.equal(firstMessage(null), '');
});

test('a full storage is recognized, a full disk is another matter', () => {
	for (const reason of ['Your storage is full. Delete recordings you no longer need, or ask the operator for more storage.',
		'This video needs 26 MB; 6 MB of your 60 MB are left. Delete meetings or recordings you no longer need, or ask the operator for more storage.']) {
		assert.equal(isStorageFull(reason), true);
	}
	for (const reason of ['', 'Fathom can’t be reached.', 'The server’s disk is full. Nothing is lost; this job continues when there is space.']) {
		assert.equal(isStorageFull(reason), false);
	}
});
