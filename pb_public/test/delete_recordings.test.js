import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteRecordings } from '../src/data/delete_recordings.js';
import { consequenceText } from '../src/lib/deletion_text.js';

/** @param {Record<string, number>} failures statuses by id */
function fakeDatabase(failures) {
	const asked = /** @type {string[]} */ ([]);
	const db = /** @type {any} */ ({ collection: (/** @type {string} */ name) => ({
		async delete(/** @type {string} */ id) {
			asked.push(`${name}/${id}`);
			if (failures[id]) throw Object.assign(new Error('refused'), { status: failures[id] });
		},
	}) });
	return { db, asked };
}

test('a copy that is gone already doesn’t keep the others from being deleted', async () => {
	const { db, asked } = fakeDatabase({ r1: 404 });
	const deleted = /** @type {string[]} */ ([]);
	await deleteRecordings(db, ['r1', 'r2'], (id) => deleted.push(id));
	assert.deepEqual([asked, deleted], [['recordings/r1', 'recordings/r2'], ['r1', 'r2']]);
});

test('another failure is reported, after those that were deleted', async () => {
	const { db } = fakeDatabase({ r2: 503 });
	const deleted = /** @type {string[]} */ ([]);
	await assert.rejects(deleteRecordings(db, ['r1', 'r2', 'r3'], (id) => deleted.push(id)), { status: 503 });
	assert.deepEqual(deleted, ['r1']);
});

test('people are told what is left', () => {
	assert.deepEqual([0, 1, 2].map(consequenceText), [
		'The videos on Loom are kept.', '1 of them is not on Loom yet. You can copy it again.', '2 of them are not on Loom yet. You can copy them again.',
	]);
});
