import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transferResultText } from '../src/lib/transfer_result.js';

test('every meeting of a selection is accounted for', () => {
	for (const [result, text] of /** @type {[import('../src/data/types.js').BulkTransfers, string][]} */ ([
		[{ created: 1, active: 0, skipped: 0, left: 0 }, '1 copy started.'],
		[{ created: 2, active: 1, skipped: 1, left: 0 }, '2 copies started. 1 meeting is being copied already. 1 meeting was copied before.'],
		[{ created: 0, active: 3, skipped: 2, left: 0 }, 'No copy started. 3 meetings are being copied already. 2 meetings were copied before.'],
		[{ created: 3, active: 0, skipped: 0, left: 0, waiting: 1 }, '3 copies started. 1 of them was waiting for you to upload it.'],
		[{ created: 3, active: 0, skipped: 1, left: 0, waiting: 2 }, '3 copies started. 2 of them were waiting for you to upload them. 1 meeting was copied before.'],
		[{ created: 5, active: 0, skipped: 0, left: 7 }, '5 copies started. 7 meetings don’t fit into the queue. Repeat this when some copies have ended.'],
	])) assert.equal(transferResultText(result).replaceAll('\u00a0', ' '), text);
});
