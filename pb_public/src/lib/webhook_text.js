// The wording of the state of the webhook at Fathom.
import { relativeText } from './format.js';

/**
 * The state that the server reports. `working` means that every meeting that should have been reported was.
 * @typedef {object} WebhookState
 * @property {'off'|'unavailable'|'waiting'|'active'|'refused'|'lost'} status
 * @property {boolean} working
 * @property {string} last_message_at blank if no message has arrived
 */

const polling = 'New meetings are found by the automatic sync.';

/** @param {WebhookState} state @param {number} [now] milliseconds since the epoch */
export function webhookText(state, now = Date.now()) {
	switch (state.status) {
		case 'off': return polling;
		case 'unavailable': return `Not possible on this server: Fathom can’t reach it, because it has no public https address, or its operator has turned this off. ${polling}`;
		case 'refused': return `Fathom refused to create the webhook. Your plan or your role there may not include webhooks. ${polling}`;
		case 'lost': return `Fathom didn’t confirm the webhook, so a new one is requested after a sync. If Fathom’s settings list one that you don’t need, delete it there. ${polling}`;
		case 'active': return activeText(state, now);
		default: return 'The webhook is created after the next sync.';
	}
}

/** @param {WebhookState} state @param {number} now */
function activeText({ working, last_message_at: last }, now) {
	if (!last) return 'The webhook is ready. No message has arrived yet.';
	const arrived = `The last message arrived ${relativeText(last, now)}.`;
	return working ? `Works. ${arrived}` : `Fathom hasn’t reported the newest meetings. ${arrived} ${polling}`;
}
