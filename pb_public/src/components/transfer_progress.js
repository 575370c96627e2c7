import { reachability } from '../data/clients.js';
import { percentText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { progressText } from '../lib/progress_text.js';
import { nowEverySecond } from '../lib/tick.js';

/** @typedef {import('../lib/transfer_state.js').TransferState} TransferState */

/**
 * How far a transfer is: a bar, then the bytes with their rate and the time left, or what it waits for.
 * @param {{workspace: import('../data/workspace.js').Workspace, transferID: string, state: TransferState, name: string, hasPercent?: boolean}} props
 *   name is the bar's; hasPercent is for places where no badge shows the percentage
 */
export function TransferProgress({ workspace, transferID, state, name, hasPercent = false }) {
	const { bytes, fraction, detail, phase } = state;
	const isKnown = bytes && !detail && !reachability.lostAt.value;
	const rate = isKnown ? workspace.transfers.rateOf(transferID, nowEverySecond()) : 0;
	const moving = bytes && !detail ? progressText(bytes, rate) : '';
	const percent = hasPercent && fraction !== null && phase === 'running' ? percentText(fraction) : '';
	return html`
		<div class="transfer-progress">
			<progress aria-label=${name} max="1" value=${fraction ?? (phase === 'waiting' ? 0 : undefined)} />
			<p class="muted"><span>${[percent, moving].filter(Boolean).join(' · ')}</span>${detail && html`${' '}<span>${detail}</span>`}</p>
		</div>`;
}
