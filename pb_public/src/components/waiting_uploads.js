import { useState } from '../../vendor/preact-hooks.js';
import { countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { canUpload } from '../lib/loom_connection.js';
import { deliveryWith, watchersText } from '../lib/loom_options.js';
import { ConfirmButton } from './confirm_button.js';
import { TransferOptions } from './transfer_options.js';
import { TransferResult } from './transfer_result.js';

/** @typedef {import('../data/types.js').BulkTransfers} BulkTransfers */
/** @typedef {import('../data/types.js').TransferChoice} TransferChoice */

const maxSelected = 2000; // meetings in one request

/**
 * Uploads what waits for the user because there was no connection, or none that worked.
 * @param {{workspace: import('../data/workspace.js').Workspace, id: string}} props
 */
export function WaitingUploads({ workspace, id }) {
	const [result, setResult] = useState(/** @type {BulkTransfers | null} */ (null));
	const [planned, setPlanned] = useState(0);
	const [choice, setChoice] = useState(/** @type {TransferChoice} */ ({}));
	const waiting = canUpload(workspace.loom) && workspace.loom?.status === 'valid' && workspace.meetings.states.value.your_turn ? workspace.waitingUploads : [];
	if (!waiting.length && !result) return null;
	const selection = { recording_ids: waiting.slice(0, maxSelected) };
	const prepare = async () => {
		const { created } = await workspace.transferMany(selection, { dryRun: true });
		if (!created) throw new Error('None of them can be uploaded now. Check your connection to Loom.');
		setPlanned(created);
	};
	const upload = async () => {
		const done = await workspace.transferMany(selection, choice);
		setResult({ ...done, waiting: 0, left: done.left + waiting.length - selection.recording_ids.length });
	};
	const delivery = deliveryWith(workspace.delivery, choice);
	const watchers = delivery.by === 'server' ? ` ${watchersText(delivery.visibility, planned === 1 ? 'it' : 'them')}` : '';
	return html`
		<section class="waiting-uploads" aria-label="Recordings that wait for you">
			${waiting.length > 0 && html`
				<p>${countText(waiting.length, 'recording waits for you to upload it', 'recordings wait for you to upload them')} to Loom.</p>
				<${ConfirmButton} kind="primary" label=${waiting.length === 1 ? 'Upload it now' : 'Upload them now'} confirmLabel="Upload" prepare=${prepare} action=${upload}
					question=${`Upload ${countText(planned, 'recording')} to Loom?${watchers} Videos that are there already are not uploaded again.`}>
					<${TransferOptions} workspace=${workspace} id=${id} choice=${choice} onChange=${setChoice} many=${true} offersByHand=${false} />
				</${ConfirmButton}>`}
			<${TransferResult} result=${result} />
		</section>`;
}
