// Who uploads the file of one transfer to Loom, if the server can.
import { useState } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { deliveryWith, watchersText } from '../lib/loom_options.js';
import { choiceOf } from '../lib/transfer_state.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Notice } from './notice.js';
import { TransferOptions } from './transfer_options.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */

/** Leaves the upload to the user. @param {{workspace: Workspace, recordingID: number}} props */
export function UploadMyself({ workspace: { jobs }, recordingID }) {
	return html`<${Choice} label="Upload it myself" action=${() => jobs.transfer(recordingID, { byHand: true })} />`;
}

/** Lets the server upload a file that waits for the user, with what was chosen for it before. @param {{workspace: Workspace, transfer: import('../data/types.js').Transfer}} props */
export function UploadForMe({ workspace, transfer }) {
	const { jobs } = workspace;
	const [changed, setChanged] = useState(/** @type {import('../data/types.js').TransferChoice} */ ({}));
	if (jobs.transferring.value.has(transfer.recording_id)) return html`<p class="muted">The upload starts soon.</p>`;
	const choice = { ...choiceOf(jobs.records.value.get(transfer.job)), deliver: true, byHand: false, ...changed };
	const delivery = deliveryWith(workspace.delivery, choice);
	return html`
		<${Choice} label=${transfer.note ? 'Try the upload again' : 'Upload it for me'} action=${() => jobs.transfer(transfer.recording_id, choice)} />
		${delivery.by === 'server' && html`<p class="muted">${watchersText(delivery.visibility)}</p>`}
		<${TransferOptions} workspace=${workspace} id="upload" choice=${choice} onChange=${setChanged} />`;
}

/** @param {{label: string, action: () => Promise<unknown>}} props */
function Choice({ label, action }) {
	const { run, busy, error } = useAction(action);
	return html`
		<${Button} kind="quiet" busy=${busy} onClick=${run}>${label}</${Button}>
		${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}`;
}
