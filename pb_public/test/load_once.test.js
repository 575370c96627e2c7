import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadOnce } from '../src/lib/load_once.js';

test('a load that fails is tried again, and one that succeeds is not', async () => {
	let [loads, works] = [0, false];
	const load = loadOnce(async () => {
		loads++;
		if (!works) throw new Error('no connection');
		return 'module';
	});
	await Promise.all([assert.rejects(load()), assert.rejects(load())]);
	assert.equal(loads, 1, 'both waited for the same');
	works = true;
	assert.deepEqual([await load(), await load()], ['module', 'module']);
	assert.equal(loads, 2);
});
