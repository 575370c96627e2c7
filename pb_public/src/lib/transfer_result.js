// The wording of what a request to transfer several meetings did.
import { countText } from './format.js';

/** @param {import('../data/types.js').BulkTransfers} result */
export function transferResultText({ created, active, skipped, left }) {
	return [
		created > 0 ? `${countText(created, 'transfer')} started.` : 'No transfer started.',
		reasonsText({ active, skipped }),
		left > 0 && `${countText(left, 'meeting doesn’t', 'meetings don’t')} fit into the queue. Repeat this when some transfers have ended.`,
	].filter(Boolean).join(' ');
}

/** Says why meetings are left out. @param {{active: number, skipped: number}} result */
export function reasonsText({ active, skipped }) {
	return [
		active > 0 && `${countText(active, 'meeting is', 'meetings are')} being transferred already.`,
		skipped > 0 && `${countText(skipped, 'meeting was', 'meetings were')} transferred before.`,
	].filter(Boolean).join(' ');
}
