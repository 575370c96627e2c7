import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concernsAll, losesFolder, savingProblem, writeFile } from '../src/lib/folder.js';

const error = (/** @type {string} */ name) => Object.assign(new Error(name), { name });

/** A folder in memory, as the File System Access API has it. @param {Record<string, string>} [files] */
function folderWith(files = {}) {
	const content = new Map(Object.entries(files));
	const folder = {
		content,
		async getFileHandle(/** @type {string} */ name, { create = false } = {}) {
			if (name.includes(':')) throw error('TypeError');
			if (!content.has(name) && !create) throw error('NotFoundError');
			if (!content.has(name)) content.set(name, '');
			return {
				getFile: async () => ({ size: content.get(name)?.length }),
				createWritable: async () => {
					let written = '';
					return new WritableStream({
						write(chunk) { written += new TextDecoder().decode(chunk); },
						close() { content.set(name, written); },
					});
				},
			};
		},
		async removeEntry(/** @type {string} */ name) { content.delete(name); },
	};
	return /** @type {any} */ (folder);
}

/** @param {string[]} parts @param {Error} [failure] after them */
const streamOf = (parts, failure) => async () => new ReadableStream({
	start(controller) {
		for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
		if (failure) controller.error(failure);
		else controller.close();
	},
});

const signal = new AbortController().signal;
const never = async () => assert.fail('it is not fetched');

test('a file is written, and its bytes are counted', async () => {
	const folder = folderWith();
	/** @type {number[]} */
	const counted = [];
	await writeFile(folder, { name: 'a.mp4', size: 6 }, streamOf(['abc', 'def']), { signal, onBytes: (bytes) => counted.push(bytes) });
	assert.equal(folder.content.get('a.mp4'), 'abcdef');
	assert.deepEqual(counted, [3, 6]);
});

test('what is there with its size is not fetched, and a file of another size is left alone', async () => {
	const folder = folderWith({ 'a.mp4': 'abcdef', 'b.mp4': 'mine', 'c.mp4': '' });
	const options = { signal, onBytes() {} };
	await writeFile(folder, { name: 'a.mp4', size: 6 }, never, options);
	await assert.rejects(writeFile(folder, { name: 'b.mp4', size: 6 }, never, options), /Another file named “b\.mp4” is in this folder/);
	assert.equal(folder.content.get('b.mp4'), 'mine');
	await writeFile(folder, { name: 'c.mp4', size: 2 }, streamOf(['ok']), options); // left by an interrupted run
	assert.equal(folder.content.get('c.mp4'), 'ok');
});

test('nothing incomplete stays in the folder', async () => {
	const folder = folderWith();
	const save = (/** @type {any} */ open, given = signal) => writeFile(folder, { name: 'a.mp4', size: 6 }, open, { signal: given, onBytes() {} });
	await assert.rejects(save(streamOf(['abc'])), /Only 3 of 6 bytes/);
	await assert.rejects(save(streamOf([], error('TypeError'))), { name: 'TypeError' });
	await assert.rejects(save(never, AbortSignal.abort()), { name: 'AbortError' });
	assert.equal(folder.content.size, 0);
});

test('a name that the browser refuses concerns only its file', async () => {
	const failure = await writeFile(folderWith(), { name: 'a:b.mp4', size: 1 }, never, { signal, onBytes() {} }).catch((caught) => caught);
	assert.match(failure.message, /doesn’t allow the file name “a:b\.mp4”/);
	assert.equal(concernsAll(failure), false);
});

test('a lost connection, a full disk and a missing folder end the run', () => {
	for (const name of ['TypeError', 'QuotaExceededError', 'NotAllowedError', 'NotFoundError']) {
		assert.equal(concernsAll(error(name)), true, name);
		assert.notEqual(savingProblem(error(name)), '', name);
	}
	assert.equal(concernsAll({ name: 'ClientResponseError 0', status: 0 }), true);
	assert.deepEqual([losesFolder(error('QuotaExceededError')), losesFolder(error('NotFoundError'))], [false, true]);
	assert.equal(savingProblem(new Error('x')), '');
});
