import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { beginSignIn, callback, completeSignIn, forgetSignIn, isUnfinished, noticeUnfinished, receiveCallback } from '../src/data/atlassian_sign_in.js';

/** @type {string[]} */
let history;
/** @type {Map<string, string>} */
let stored;

/** Opens the page at an address. @param {string} address */
function open(address) {
	const { origin, pathname, search } = new URL(address, 'http://localhost:8090');
	Object.assign(globalThis, {
		document: { baseURI: origin + pathname.replace(/[^/]*$/, '') },
		location: { origin, pathname, search, assign: (/** @type {string} */ to) => history.push(to) },
		history: { replaceState: (/** @type {unknown[]} */ ...[, , to]) => history.push(`replaced by ${to}`) },
	});
	receiveCallback();
	noticeUnfinished();
}

beforeEach(() => {
	history = [];
	stored = new Map();
	callback.value = null;
	isUnfinished.value = false;
	Object.assign(globalThis, {
		sessionStorage: {
			getItem: (/** @type {string} */ key) => stored.get(key) ?? null,
			setItem: (/** @type {string} */ key, /** @type {string} */ value) => stored.set(key, value),
			removeItem: (/** @type {string} */ key) => stored.delete(key),
		},
	});
});

/** A workspace whose server answers with a value. @param {any} answer @returns {any} */
function workspaceWith(answer) {
	/** @type {any[]} */
	const requests = [];
	/** @type {any[]} */
	const saved = [];
	return {
		requests, saved,
		db: { send: async (/** @type {any[]} */ ...request) => (requests.push(request), answer) },
		connections: { put: (/** @type {any} */ record) => saved.push(record) },
	};
}

test('other addresses are left alone', () => {
	open('/?code=c&state=s');
	assert.equal(callback.value, null);
	assert.deepEqual(history, []);
});

test('the code is taken out of the address', () => {
	open('/atlassian-callback?code=c%2B1&state=s');
	assert.deepEqual(callback.value, { code: 'c+1', state: 's', error: '', description: '', isOurs: false });
	assert.deepEqual(history, ['replaced by http://localhost:8090/atlassian-callback']);
});

test('the app may be under a path', async () => {
	const workspace = workspaceWith({ url: 'https://auth.atlassian.com/authorize?state=s1' });
	open('/f2l/');
	await beginSignIn(workspace);
	assert.equal(workspace.requests[0][1].body.redirect, 'http://localhost:8090/f2l');
	open('/f2l/atlassian-callback?code=c&state=s1');
	assert.equal(callback.value?.isOurs, true);
	assert.equal(history.at(-1), 'replaced by http://localhost:8090/f2l/atlassian-callback');
});

test('a sign-in of this tab is recognised, once', async () => {
	const workspace = workspaceWith({ url: 'https://auth.atlassian.com/authorize?state=s1' });
	open('/');
	await beginSignIn(workspace);
	assert.deepEqual(workspace.requests, [['/api/loom/sign-in', { method: 'POST', body: { redirect: 'http://localhost:8090' } }]]);
	assert.deepEqual(history, ['https://auth.atlassian.com/authorize?state=s1']);
	open('/atlassian-callback?error=access_denied&error_description=No&state=s1');
	assert.deepEqual(callback.value, { code: '', state: 's1', error: 'access_denied', description: 'No', isOurs: true });
	open('/atlassian-callback?error=access_denied&error_description=No&state=s1');
	assert.equal(callback.value?.isOurs, false);
});

test('a sign-in without a return is unfinished until it is forgotten or ended', async () => {
	const workspace = workspaceWith({ url: 'https://auth.atlassian.com/authorize' });
	open('/');
	assert.equal(isUnfinished.value, false);
	await beginSignIn(workspace);
	assert.equal(isUnfinished.value, false, 'the page is still being left');
	open('/');
	assert.equal(isUnfinished.value, true);
	open('/');
	assert.equal(isUnfinished.value, true, 'a reload changes nothing');
	forgetSignIn();
	assert.equal(isUnfinished.value, false);
	open('/');
	assert.equal(isUnfinished.value, false);
	await beginSignIn(workspace);
	open('/atlassian-callback?error=access_denied');
	open('/');
	assert.equal(isUnfinished.value, false);
});

test('a state that is missing is nobody’s', async () => {
	open('/');
	await beginSignIn(workspaceWith({ url: 'https://auth.atlassian.com/authorize' }));
	open('/atlassian-callback?error=server_error');
	assert.equal(callback.value?.isOurs, false);
});

test('an address that isn’t one of the web is not opened', async () => {
	open('/');
	await assert.rejects(beginSignIn(workspaceWith({ url: 'javascript:alert(1)' })), /cannot be used/);
	assert.deepEqual(history, []);
});

test('a completed sign-in shows the connection', async () => {
	const workspace = workspaceWith({ id: 'c1', status: 'checking' });
	await completeSignIn(workspace, { code: 'c', state: 's', error: '', description: '', isOurs: true });
	assert.deepEqual(workspace.requests, [['/api/loom/sign-in/complete', { method: 'POST', body: { code: 'c', state: 's' } }]]);
	assert.deepEqual(workspace.saved, [{ id: 'c1', status: 'checking' }]);
});
