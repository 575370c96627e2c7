import { useState } from '../../vendor/preact-hooks.js';
import { countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { ConfirmButton } from './confirm_button.js';
import { Notice } from './notice.js';

/** Transfers every meeting that matches the search. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function TransferMatching({ workspace: { db, meetings } }) {
	const [result, setResult] = useState(/** @type {any} */ (null));
	const count = meetings.total.value;
	if (!count || meetings.loading.value) return null;
	const matching = countText(count, 'matching meeting');
	const transfer = async () => setResult(await db.send('/api/transfers', { method: 'POST', body: { filter: meetings.filter } }));
	return html`
		<${ConfirmButton} kind="primary" label=${`Transfer ${matching}`} action=${transfer}
			question=${`Transfer ${matching}? Those that were transferred already are left out. The videos are copied to your storage here. You then upload each of them to Loom.`} />
		${result && html`<${Notice} kind="note">${summary(result)}</${Notice}>`}`;
}

/** @param {{created: number, active: number, skipped: number, left: number}} result */
function summary({ created, active, skipped, left }) {
	return [
		`${countText(created, 'transfer')} started.`,
		active > 0 && `${countText(active, 'meeting is', 'meetings are')} being transferred already.`,
		skipped > 0 && `${countText(skipped, 'meeting was', 'meetings were')} transferred before.`,
		left > 0 && `${countText(left, 'meeting doesn’t', 'meetings don’t')} fit into the queue. Repeat this when some transfers have ended.`,
	].filter(Boolean).join(' ');
}
