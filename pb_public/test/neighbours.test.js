import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNeighbours } from '../src/data/neighbours.js';

test('neighbours are asked for one by one, in the order of the list', async () => {
	/** @type {any[]} */
	const asked = [];
	/** @type {any} */
	const db = {
		filter: (/** @type {string} */ text, /** @type {any} */ values) => ({ text, values }),
		collection: () => ({
			getList: async (/** @type {number} */ page, /** @type {number} */ count, /** @type {any} */ options) => {
				asked.push([page, count, options.sort, options.filter.values, options.skipTotal]);
				return { items: options.sort.startsWith('-') ? [] : [{ id: 'newer', title: 'A' }] };
			},
		}),
	};
	const values = { at: '2026-01-10 09:00:00.000Z', id: 'm1' };
	assert.deepEqual(await readNeighbours(db, { id: 'm1', recorded_at: values.at }), { previous: { id: 'newer', title: 'A' }, next: null });
	assert.deepEqual(asked, [[1, 1, 'recorded_at,-id', values, true], [1, 1, '-recorded_at,id', values, true]]);
});
