import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webhookText } from '../src/lib/webhook_text.js';

const now = Date.parse('2026-11-27T12:00:00Z');
const arrived = '2026-11-27 11:55:00.000Z';

test('every state of the webhook says what happens to new meetings', () => {
	for (const [state, want] of /** @type {[any, RegExp][]} */ ([
		[{ status: 'unavailable' }, /^Not possible on this server: .* found by the automatic sync\.$/],
		[{ status: 'off' }, /^New meetings are found by the automatic sync\.$/],
		[{ status: 'waiting' }, /^The webhook is created after the next sync\.$/],
		[{ status: 'refused' }, /^Fathom refused .* found by the automatic sync\.$/],
		[{ status: 'lost' }, /^Fathom didn’t confirm .* found by the automatic sync\.$/],
		[{ status: 'active', working: false, last_message_at: '' }, /^The webhook is ready\. No message has arrived yet\.$/],
		[{ status: 'active', working: true, last_message_at: arrived }, /^Works\. The last message arrived 5 minutes ago\.$/],
		[{ status: 'active', working: false, last_message_at: arrived }, /^Fathom hasn’t reported the newest meetings\. The last message arrived 5 minutes ago\. New/],
	])) assert.match(webhookText(state, now), want);
});
