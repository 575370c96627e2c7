import { useEffect } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { nextAttemptText, relativeText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { isActive } from '../lib/job_status.js';
import { linkDoubt } from '../lib/link_problem.js';
import { positionText } from '../lib/job_text.js';
import { safeURL } from '../lib/safe_url.js';
import { nowFor } from '../lib/tick.js';
import { isAudio, isRunning, steps, transferState } from '../lib/transfer_state.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { CopyAgain } from './copy_again.js';
import { ExternalLink } from './external_link.js';
import { Check } from './icons.js';
import { JobButton } from './job_button.js';
import { LinkForm } from './link_form.js';
import { LoomSteps } from './loom_steps.js';
import { Notice } from './notice.js';
import { StorageLink } from './storage_link.js';
import { StoredVideo } from './stored_video.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Transfer} Transfer */
/** @typedef {import('../data/types.js').Job} Job */
/** @typedef {import('../lib/transfer_state.js').TransferState} TransferState */
/** @typedef {{workspace: Workspace, details: import('../data/meeting_details.js').MeetingDetails, meeting: import('../data/types.js').Meeting}} Props */

/** Starts, shows and completes the transfer of a meeting. @param {Props} props */
export function TransferPanel({ workspace, details, meeting }) {
	const transfer = workspace.transferOf(meeting.recording_id);
	const jobID = transfer?.job ?? '';
	const job = workspace.jobs.records.value.get(jobID);
	const isMissing = isRunning(transfer) && Boolean(jobID) && !job && !workspace.jobs.isDeleted(jobID);
	useEffect(() => {
		if (isMissing) workspace.jobs.refresh(jobID).catch(() => {}); // the job may be deleted by now
	}, [jobID, isMissing]);
	const isWaiting = job?.status === 'pending';

	const state = transferState(transfer, job, isWaiting ? positionText(job, workspace.jobs, nowFor(workspace.jobs.queuePositionOf(job).estimated_start, job.run_at)) : '');
	return html`
		<section class=${`card transfer ${state.phase}`} aria-labelledby="transfer-heading">
			<h2 id="transfer-heading" aria-live="polite">${heading(state)}</h2>
			${state.phase !== 'none' && state.phase !== 'failed' && html`<${Steps} state=${state} />`}
			${state.phase === 'none' && html`<${Start} workspace=${workspace} details=${details} meeting=${meeting} transfer=${transfer} />`}
			${(state.phase === 'waiting' || state.phase === 'running') && html`
				<${ShareLink} url=${transfer?.share_url} />
				<${Progress} workspace=${workspace} state=${state} job=${job} />`}
			${state.phase === 'failed' && html`<${Failed} workspace=${workspace} details=${details} meeting=${meeting} reason=${state.detail} />`}
			${state.phase === 'upload' && transfer && html`<${LoomSteps} workspace=${workspace} details=${details} transfer=${transfer} />`}
			${state.phase === 'stored' && transfer && html`<${Stored} workspace=${workspace} details=${details} transfer=${transfer} />`}
			${state.phase === 'done' && transfer && html`<${Delivered} workspace=${workspace} details=${details} transfer=${transfer} />`}
		</section>`;
}

/** @param {TransferState} state */
function heading(state) {
	switch (state.phase) {
		case 'none': return 'Transfer to Loom';
		case 'running': return 'Transferring';
		case 'failed': return 'Transfer failed';
		default: return state.label;
	}
}

/** @param {{state: TransferState}} props */
function Steps({ state }) {
	return html`
		<ol class="steps" aria-label="Transfer steps">
			${steps.map((label, index) => html`
				<li key=${label} class=${index < state.step ? 'past' : index === state.step ? 'now' : ''} aria-current=${index === state.step ? 'step' : undefined}>
					<span class="dot" aria-hidden="true">${index < state.step && html`<${Check} />`}</span>
					<span>${label}${index < state.step && html`<span class="hidden"> (done)</span>`}</span>
				</li>`)}
		</ol>`;
}

/** @param {Props & {transfer?: Transfer}} props */
function Start({ workspace, details, meeting, transfer }) {
	const { run, busy, error } = useAction(() => workspace.jobs.transfer(meeting.recording_id));
	return html`
		<p>${transfer?.status === 'cancelled' ? 'The last transfer was cancelled. ' : ''}The video, summary and transcript are copied to your storage here. You then upload the video to Loom.</p>
		${error && html`<${Notice}>${firstMessage(error)}<${StorageLink} reason=${firstMessage(error)} /></${Notice}>`}
		<${Button} busy=${busy} onClick=${run}>Start transfer</${Button}>
		<${StoredVideo} details=${details} />`;
}

/** @param {{workspace: Workspace, state: TransferState, job?: Job}} props */
function Progress({ workspace, state, job }) {
	const isRetrying = job?.status === 'failed';
	return html`
		<div class="progress">
			<progress aria-label="Transfer" max="1" value=${state.phase === 'waiting' ? 0 : state.fraction ?? undefined} />
			<p><strong>${state.label}</strong></p>
			<p class="hidden" aria-live="polite">${announcement(state)}</p>
			<p class="muted">${state.detail}${isRetrying && ` ${nextAttemptText(job.run_at, nowFor(job.run_at))}`}</p>
		</div>
		${job && isActive(job) && html`<${JobButton} jobs=${workspace.jobs} job=${job} title="Transfer" />`}`;
}

/** Screen readers announce each quarter rather than each percent. @param {TransferState} state */
const announcement = ({ label, fraction }) => (fraction === null ? label : `${Math.floor(fraction * 4) * 25}% copied`);

/** @param {Props & {reason: string}} props */
function Failed({ workspace, details, meeting, reason }) {
	const { run, busy, error } = useAction(() => workspace.jobs.transfer(meeting.recording_id));
	return html`
		<${Notice}>${reason}<${StorageLink} reason=${reason} /></${Notice}>
		<${Button} busy=${busy} onClick=${run}>Retry</${Button}>
		${error && html`<${Notice}>${firstMessage(error)}<${StorageLink} reason=${firstMessage(error)} /></${Notice}>`}
		<${StoredVideo} details=${details} />`;
}

/** The end of a transfer that doesn't go to Loom. @param {{workspace: Workspace, details: Props['details'], transfer: Transfer}} props */
function Stored({ workspace, details, transfer }) {
	const { run, busy, error } = useAction(() => workspace.jobs.transfer(transfer.recording_id));
	return html`
		<p>${transferState(transfer, undefined).detail}</p>
		${!isAudio(transfer) && html`<${Button} busy=${busy} onClick=${run}>Transfer to Loom</${Button}>`}
		${error && html`<${Notice}>${firstMessage(error)}<${StorageLink} reason=${firstMessage(error)} /></${Notice}>`}
		<${StoredVideo} details=${details} />
		<${TransferAgain} workspace=${workspace} details=${details} transfer=${transfer} />`;
}

/** Fetches the file of an ended transfer again. @param {{workspace: Workspace, details: Props['details'], transfer: Transfer}} props */
function TransferAgain({ workspace, details, transfer }) {
	if (details.loadedFor.value !== transfer.status) return null;
	const isStored = Boolean(details.recording.value);
	return html`
		${!isStored && html`<p class="muted">The file stored here was deleted.</p>`}
		<${CopyAgain} workspace=${workspace} transfer=${transfer} isStored=${isStored} label=${isStored ? 'Transfer again' : 'Fetch the file again'} />`;
}

/** @param {{url?: string}} props */
function ShareLink({ url }) {
	const link = safeURL(url);
	return link && html`<p><${ExternalLink} class="share" href=${link}>${link.replace(/^https?:\/\//, '')}</${ExternalLink}></p>`;
}

/** @param {{workspace: Workspace, details: Props['details'], transfer: Transfer}} props */
function Delivered({ workspace, details, transfer }) {
	const doubt = linkDoubt(transfer);
	return html`
		<${ShareLink} url=${transfer.share_url} />
		<p class="muted">Delivered ${relativeText(transfer.delivered_at, nowFor(transfer.delivered_at))}.${doubt && html`<br />${doubt}`}</p>
		<${StoredVideo} details=${details} isDelivered=${true} />
		<${TransferAgain} workspace=${workspace} details=${details} transfer=${transfer} />
		<details>
			<summary>Change link</summary>
			<${LinkForm} workspace=${workspace} transfer=${transfer} />
		</details>`;
}
