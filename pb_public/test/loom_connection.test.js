import assert from 'node:assert/strict';
import { test } from 'node:test';
import { abilityText, accountText, callbackProblem, canOnlyRead, canRead, canUpload, folderSource, signInObstacle, unfinishedText } from '../src/lib/loom_connection.js';

/** @param {Partial<import('../src/data/types.js').Connection>} fields @returns {any} */
const connection = (fields) => ({ id: 'c1', status: 'valid', abilities: ['upload', 'read'], last_four: '', settings: null, details: null, ...fields });

test('a connection uploads, only reads or does nothing', () => {
	for (const [fields, upload, read, text] of /** @type {[any, boolean, boolean, RegExp][]} */ ([
		[{}, true, false, /Upload/],
		[{ abilities: ['read'] }, false, true, /^Read/],
		[{ status: 'unchecked' }, true, false, /Upload/],
		[{ status: 'invalid' }, false, false, /Nothing/],
		[{ abilities: [] }, false, false, /Nothing/],
		[{ abilities: null }, false, false, /Nothing/],
	])) {
		assert.deepEqual([canUpload(connection(fields)), canOnlyRead(connection(fields))], [upload, read], JSON.stringify(fields));
		assert.match(abilityText(connection(fields)), text);
	}
	assert.deepEqual([canUpload(undefined), canRead(undefined), canOnlyRead(undefined)], [false, false, false]);
	assert.deepEqual([canRead(connection({})), canRead(connection({ abilities: ['read'] })), canRead(connection({ status: 'invalid' }))], [true, true, false]);
});

test('the folders belong to a connection and its site', () => {
	assert.equal(folderSource(undefined), '');
	assert.equal(folderSource(connection({ abilities: ['read'] })), '');
	const source = folderSource(connection({ details: /** @type {any} */ ({ site: { id: 's1' } }) }));
	assert.notEqual(source, '');
	assert.notEqual(source, folderSource(connection({ details: /** @type {any} */ ({ site: { id: 's2' } }) })));
});

test('a connection says with what it signs in', () => {
	assert.equal(accountText(connection({ last_four: 'abcd', settings: { method: 'token', email: 'ada@example.com' } })), 'API token •••• abcd of ada@example.com');
	assert.equal(accountText(connection({ settings: { method: 'service_account' } })), 'Service-account key');
	assert.match(accountText(connection({ settings: { method: 'oauth' } })), /sign-in at Atlassian/);
});

test('Atlassian returns to this machine, perhaps to a listed https address, and to no other', () => {
	for (const origin of ['http://localhost:8090', 'http://127.0.0.1:8090', 'https://localhost']) {
		assert.deepEqual(signInObstacle(new URL(origin)), { isLocal: true, isPossible: true, text: '' }, origin);
	}
	const listed = signInObstacle(new URL('https://loom.example.com'));
	assert.deepEqual([listed.isLocal, listed.isPossible], [false, true]);
	assert.match(listed.text, /admin must first list this server as https:\/\/loom\.example\.com\/\*\*/);
	assert.match(listed.text, /may refuse it even then/);
	for (const origin of ['http://loom.example.com', 'http://localhost.example.com', 'http://10.0.0.5:8090']) {
		const { isLocal, isPossible, text } = signInObstacle(new URL(origin));
		assert.deepEqual([isLocal, isPossible], [false, false], origin);
		assert.match(text, /https/);
	}
});

const page = new URL('https://loom.example.com');

test('a callback without a code says why', () => {
	const callback = { code: '', state: 's', error: '', description: '', isOurs: true };
	assert.equal(callbackProblem({ ...callback, code: 'c' }, page), '');
	assert.match(callbackProblem({ ...callback, error: 'access_denied' }, page), /declined/);
	assert.match(callbackProblem({ ...callback, error: 'invalid_request' }, page), /doesn’t accept this server’s request.*connect with an API token/);
	assert.match(callbackProblem({ ...callback, error: 'unheard_of' }, page), /refused the sign-in/);
	assert.match(callbackProblem(callback, page), /doesn’t come from a sign-in/);
	assert.match(callbackProblem({ ...callback, code: 'c', state: '' }, page), /doesn’t come from a sign-in/);
});

test('a blocked domain is explained with the address to allow', () => {
	const callback = { code: '', state: 's', error: 'access_denied', description: 'Your admin has blocked this domain: loom.example.com', isOurs: true };
	const allowed = /list this server as https:\/\/loom\.example\.com\/\*\* under/;
	assert.match(callbackProblem(callback, page), allowed);
	assert.match(callbackProblem({ ...callback, error: 'invalid_request', description: 'loom.example.com is not an allowed domain' }, page), allowed);
	assert.doesNotMatch(callbackProblem({ ...callback, isOurs: false }, page), allowed);
	assert.match(unfinishedText(page), allowed);
	assert.match(unfinishedText(page), /connect with an API token/);
	assert.match(unfinishedText(new URL('http://localhost:8090')), /allow this server under Atlassian/, 'an address of this machine can’t be listed');
});

test('only the answer to a sign-in of this tab is quoted', () => {
	const callback = { code: '', state: 's', error: 'access_denied', description: 'Your admin has blocked this app', isOurs: true };
	assert.match(callbackProblem(callback, page), /Atlassian says: “Your admin has blocked this app”$/);
	assert.doesNotMatch(callbackProblem({ ...callback, isOurs: false }, page), /blocked/);
	assert.ok(callbackProblem({ ...callback, description: 'x'.repeat(5000) }, page).length < 500);
});
