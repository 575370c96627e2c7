import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoomFolders } from '../src/data/loom_folders.js';

/** A server whose answers the test gives. */
function server() {
	/** @type {{resolve: (answer: any) => void, reject: (error: any) => void}[]} */
	const requests = [];
	/** @type {any} */
	const db = { send: () => new Promise((resolve, reject) => requests.push({ resolve, reject })) };
	return { requests, folders: new LoomFolders(db) };
}

const settle = async () => {
	for (let i = 0; i < 10; i++) await Promise.resolve();
};

test('folders are loaded once for each source', async () => {
	const { requests, folders } = server();
	folders.load('');
	folders.load('a');
	folders.load('a');
	assert.equal(requests.length, 1);
	assert.equal(folders.all.value, null);
	requests[0].resolve({ folders: [{ id: 'f1', name: 'Calls' }] });
	await settle();
	assert.equal(folders.nameOf('f1'), 'Calls');
	assert.equal(folders.nameOf('f2'), '');
	folders.load('a');
	assert.equal(requests.length, 1);
	folders.load('b');
	assert.deepEqual([requests.length, folders.all.value], [2, null], 'folders of another site are not shown');
});

test('a late answer about another source is dropped', async () => {
	const { requests, folders } = server();
	folders.load('a');
	folders.load('b');
	requests[1].resolve({ folders: [{ id: 'f2', name: 'New' }] });
	requests[0].resolve({ folders: [{ id: 'f1', name: 'Old' }] });
	await settle();
	assert.deepEqual(folders.all.value, [{ id: 'f2', name: 'New' }]);
	folders.load('');
	assert.equal(folders.all.value, null);
});

test('a failure can be repeated', async () => {
	const { requests, folders } = server();
	folders.load('a');
	requests[0].reject({ status: 503, response: { message: 'Atlassian is down' } });
	await settle();
	assert.equal(folders.error.value, 'Atlassian is down.');
	const again = folders.reload();
	assert.equal(folders.error.value, '');
	requests[1].resolve({ folders: [] });
	await again;
	assert.deepEqual(folders.all.value, []);
});
