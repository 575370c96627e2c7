import { useState } from '../../vendor/preact-hooks.js';
import { countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { plannedText } from '../lib/loom_options.js';
import { reasonsText } from '../lib/transfer_result.js';
import { ConfirmButton } from './confirm_button.js';
import { TransferResult } from './transfer_result.js';

/** @typedef {import('../data/types.js').BulkTransfers} BulkTransfers */

/** Transfers every meeting that matches the search. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function TransferMatching({ workspace }) {
	const [result, setResult] = useState(/** @type {BulkTransfers | null} */ (null));
	const { meetings } = workspace;
	const count = meetings.total.value;
	if (!count || meetings.loading.value) return null;
	const selection = { filter: meetings.filter };
	const question = async () => questionFor(await workspace.transferMany(selection, { dryRun: true }), plannedText(workspace.delivery));
	const transfer = async () => setResult(await workspace.transferMany(selection));
	return html`
		<${ConfirmButton} kind="primary" label=${`Transfer ${countText(count, 'matching meeting')}`} confirmLabel="Transfer" question=${question} action=${transfer} />
		<${TransferResult} result=${result} />`;
}

/** @param {BulkTransfers} plan @param {string} planned what happens to the videos */
function questionFor({ created, active, skipped }, planned) {
	const reasons = reasonsText({ active, skipped });
	if (!created) throw new Error(`There is nothing to transfer. ${reasons}`);
	return `Transfer ${countText(created, 'meeting')}? ${planned} ${reasons}`;
}
