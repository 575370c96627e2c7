import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transferResultText } from '../src/lib/transfer_result.js';

test('every meeting of a selection is accounted for', () => {
	for (const [result, text] of /** @type {[import('../src/data/types.js').BulkTransfers, string][]} */ ([
		[{ created: 1, active: 0, skipped: 0, left: 0 }, '1 transfer started.'],
		[{ created: 2, active: 1, skipped: 1, left: 0 }, '2 transfers started. 1 meeting is being transferred already. 1 meeting was transferred before.'],
		[{ created: 0, active: 3, skipped: 2, left: 0 }, 'No transfer started. 3 meetings are being transferred already. 2 meetings were transferred before.'],
		[{ created: 3, active: 0, skipped: 0, left: 0, waiting: 1 }, '3 transfers started. 1 of them was waiting for you to upload it.'],
		[{ created: 3, active: 0, skipped: 1, left: 0, waiting: 2 }, '3 transfers started. 2 of them were waiting for you to upload them. 1 meeting was transferred before.'],
		[{ created: 5, active: 0, skipped: 0, left: 7 }, '5 transfers started. 7 meetings don’t fit into the queue. Repeat this when some transfers have ended.'],
	])) assert.equal(transferResultText(result).replaceAll('\u00a0', ' '), text);
});
