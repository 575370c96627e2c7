// The ends of a transfer, each with a way to copy the meeting again.
import { useState } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { relativeText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { linkDoubt } from '../lib/link_problem.js';
import { watchersText } from '../lib/loom_options.js';
import { nowFor } from '../lib/tick.js';
import { choiceOf, isAudio, isHopeless, isUploaded, transferState } from '../lib/transfer_state.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { CopyAgain } from './copy_again.js';
import { LinkForm } from './link_form.js';
import { UploadMyself } from './loom_choice.js';
import { Notice } from './notice.js';
import { ShareLink } from './share_link.js';
import { StorageLink } from './storage_link.js';
import { StoredVideo } from './stored_video.js';
import { TransferOptions } from './transfer_options.js';

/** @typedef {import('../data/types.js').Transfer} Transfer */
/** @typedef {import('../data/types.js').Job} Job */
/** @typedef {import('./transfer_panel.js').Props} Props */
/** @typedef {Omit<Props, 'meeting'> & {transfer: Transfer}} EndProps */

/** @param {Props & {reason: string, job?: Job}} props */
export function FailedTransfer({ workspace, details, meeting, reason, job }) {
	const [changed, setChanged] = useState(/** @type {import('../data/types.js').TransferChoice} */ ({}));
	const choice = { ...choiceOf(job), ...changed };
	const { run, busy, error } = useAction(() => workspace.jobs.transfer(meeting.recording_id, choice), 'The copy starts again.');
	return html`
		<${Notice}>${reason}<${StorageLink} reason=${reason} /></${Notice}>
		<div class="actions">
			<${Button} kind=${isHopeless(job) ? 'quiet' : 'primary'} busy=${busy} onClick=${run}>Retry</${Button}>
			${choice.deliver && workspace.delivery.by !== 'user' && html`<${UploadMyself} workspace=${workspace} recordingID=${meeting.recording_id} />`}
		</div>
		${choice.deliver && !choice.byHand && html`<${TransferOptions} workspace=${workspace} id="transfer" choice=${choice} onChange=${setChanged} />`}
		${error && html`<${Notice}>${firstMessage(error)}<${StorageLink} reason=${firstMessage(error)} /></${Notice}>`}
		<${StoredVideo} details=${details} />`;
}

/** The end of a transfer that doesn't go to Loom. @param {EndProps} props */
export function StoredTransfer({ workspace, details, transfer }) {
	const [choice, setChoice] = useState(/** @type {import('../data/types.js').TransferChoice} */ ({}));
	const { run, busy, error } = useAction(() => workspace.jobs.transfer(transfer.recording_id, choice));
	return html`
		<p>${transferState(transfer, undefined).detail}</p>
		${!isAudio(transfer) && html`
			<${Button} busy=${busy} onClick=${run}>Upload to Loom</${Button}>
			<${TransferOptions} workspace=${workspace} id="transfer" choice=${choice} onChange=${setChoice} />`}
		${error && html`<${Notice}>${firstMessage(error)}<${StorageLink} reason=${firstMessage(error)} /></${Notice}>`}
		<${StoredVideo} details=${details} />
		<${TransferAgain} workspace=${workspace} details=${details} transfer=${transfer} />`;
}

/** @param {EndProps} props */
export function DeliveredTransfer({ workspace, details, transfer }) {
	const doubt = linkDoubt(transfer);
	return html`
		<${ShareLink} url=${transfer.share_url} />
		<p class="muted">Delivered ${relativeText(transfer.delivered_at, nowFor(transfer.delivered_at))}.${isUploaded(transfer) && ` ${watchersText(transfer.visibility)}`}${doubt && html`<br />${doubt}`}</p>
		${transfer.note && html`<${Notice} kind="note">${transfer.note}</${Notice}>`}
		<${StoredVideo} details=${details} isDelivered=${true} />
		<${TransferAgain} workspace=${workspace} details=${details} transfer=${transfer} />
		<details>
			<summary>Change link</summary>
			<${LinkForm} workspace=${workspace} transfer=${transfer} />
		</details>`;
}

/** Fetches the file of an ended transfer again. @param {EndProps} props */
function TransferAgain({ workspace, details, transfer }) {
	if (details.loadedFor.value !== transfer.status) return null;
	const isStored = Boolean(details.recording.value);
	return html`
		${!isStored && html`<p class="muted">The file stored here was deleted.</p>`}
		<${CopyAgain} workspace=${workspace} transfer=${transfer} isStored=${isStored} label=${isStored ? 'Copy again' : 'Fetch the file again'} />`;
}
