// The wording of what a request to copy several meetings did.
import { countText } from './format.js';

/** @param {import('../data/types.js').BulkTransfers} result */
export function transferResultText({ created, active, skipped, left, waiting }) {
	return [
		created > 0 ? `${countText(created, 'copy', 'copies')} started.` : 'No copy started.',
		reasonsText({ active, skipped, waiting }),
		left > 0 && `${countText(left, 'meeting doesn’t', 'meetings don’t')} fit into the queue. Repeat this when some copies have ended.`,
	].filter(Boolean).join(' ');
}

/** Says which meetings had been left to the user, and why others are left out. @param {Pick<import('../data/types.js').BulkTransfers, 'active'|'skipped'|'waiting'>} result */
export function reasonsText({ active, skipped, waiting = 0 }) {
	return [
		waiting > 0 && `${countText(waiting, 'of them was waiting for you to upload it', 'of them were waiting for you to upload them')}.`,
		active > 0 && `${countText(active, 'meeting is', 'meetings are')} being copied already.`,
		skipped > 0 && `${countText(skipped, 'meeting was', 'meetings were')} copied before.`,
	].filter(Boolean).join(' ');
}
