import { useState } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { deliveryWith, nextText, startText } from '../lib/loom_options.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { UploadMyself } from './loom_choice.js';
import { Notice } from './notice.js';
import { StorageLink } from './storage_link.js';
import { StoredVideo } from './stored_video.js';
import { TransferOptions } from './transfer_options.js';

/**
 * Starts the transfer of a meeting, to Loom or only to the storage here.
 * @param {import('./transfer_panel.js').Props & {transfer?: import('../data/types.js').Transfer}} props
 */
export function TransferStart({ workspace, details, meeting, transfer }) {
	const [choice, setChoice] = useState(/** @type {import('../data/types.js').TransferChoice} */ ({}));
	const { run, busy, error } = useAction((/** @type {boolean} */ deliver) => workspace.jobs.transfer(meeting.recording_id, deliver ? choice : { deliver }), 'The copy starts.', () => () => workspace.jobs.cancelTransfer(meeting.recording_id));
	const { delivery } = workspace;
	const isCancelled = transfer?.status === 'cancelled' && transfer.job; // without a job, a copy that was kept here was deleted
	return html`
		<p>${isCancelled && 'The last copy was cancelled. '}The video, summary and transcript are copied to your storage here. ${nextText(deliveryWith(delivery, choice))}</p>
		${error && html`<${Notice}>${firstMessage(error)}<${StorageLink} reason=${firstMessage(error)} /></${Notice}>`}
		<div class="actions">
			<${Button} busy=${busy} onClick=${() => run(true)}>${startText(deliveryWith(delivery, choice))}</${Button}>
			<${Button} kind="quiet" busy=${busy} onClick=${() => run(false)}>Only keep a copy here</${Button}>
			${delivery.by !== 'user' && html`<${UploadMyself} workspace=${workspace} recordingID=${meeting.recording_id} />`}
		</div>
		<${TransferOptions} workspace=${workspace} id="transfer" choice=${choice} onChange=${setChoice} />
		<${StoredVideo} details=${details} />`;
}
