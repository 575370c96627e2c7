import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StorageUse } from '../src/data/storage_use.js';

test('an older response doesn’t replace a newer one, and a failure changes nothing', async () => {
	const answers = /** @type {{resolve: (usage: any) => void, reject: (error: Error) => void}[]} */ ([]);
	const storage = new StorageUse(/** @type {any} */ ({ send: () => new Promise((resolve, reject) => answers.push({ resolve, reject })) }));
	const reads = [storage.read(), storage.read(), storage.read()];
	answers[1].resolve({ bytes: 2, quota: 0 });
	await reads[1];
	assert.equal(storage.usage.value?.bytes, 2, 'without waiting for the latest');
	answers[0].resolve({ bytes: 1, quota: 0 });
	answers[2].reject(new Error('offline'));
	await assert.rejects(Promise.all(reads), /offline/);
	assert.equal(storage.usage.value?.bytes, 2);
});
