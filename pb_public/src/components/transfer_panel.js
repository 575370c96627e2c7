// The transfer of one meeting: begin it, follow it, finish it.
import { useEffect } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { AskFirst } from './confirm_button.js';
import { Button, Notice, OutsideLink } from './button.js';
import { anyMessage } from '../lib/errors.js';
import { nextTryText, relativeText, safeURL } from '../lib/format.js';
import { DownloadButton } from './download_button.js';
import { HandOver, LinkForm } from './loom_steps.js';
import { Check } from './icons.js';
import { JobButton } from './job_button.js';
import { isActive } from '../data/jobs.js';
import { placeText } from '../lib/job_text.js';
import { steps, transferState } from '../lib/transfer_state.js';
import { useAction } from '../lib/use_action.js';
import { useTick } from '../lib/use_tick.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Transfer} Transfer */
/** @typedef {import('../data/types.js').Job} Job */
/** @typedef {import('../lib/transfer_state.js').TransferState} TransferState */
/** @typedef {{workspace: Workspace, details: import('../data/meeting_details.js').MeetingDetails, meeting: import('../data/types.js').Meeting}} Props */

const movingStatuses = ['queued', 'fetching', 'downloading', 'stored', 'uploading'];

/** @param {Props} props */
export function TransferPanel({ workspace, details, meeting }) {
	const transfer = workspace.transferOf(meeting.recording_id);
	const jobID = transfer?.job ?? '';
	const job = workspace.jobs.records.value.get(jobID);
	const moves = Boolean(transfer && movingStatuses.includes(transfer.status));
	const unknown = moves && Boolean(jobID) && !job && !workspace.jobs.isDeleted(jobID);
	useEffect(() => {
		if (unknown) workspace.jobs.refresh(jobID).catch(() => {}); // an old job may be gone
	}, [jobID, unknown]);
	const waits = job?.status === 'pending';
	useTick(waits, 10_000);

	const state = transferState(transfer, job, waits ? placeText(workspace.jobs, job) : '');
	return html`
		<section class=${`card transfer ${state.phase}`} aria-labelledby="transfer-heading">
			<h2 id="transfer-heading" aria-live="polite">${heading(state)}</h2>
			${state.phase !== 'none' && state.phase !== 'failed' && html`<${Steps} state=${state} />`}
			${state.phase === 'none' && html`<${Begin} workspace=${workspace} meeting=${meeting} transfer=${transfer} />`}
			${(state.phase === 'waiting' || state.phase === 'moving') && html`<${Progress} workspace=${workspace} state=${state} job=${job} />`}
			${state.phase === 'failed' && html`<${Failed} workspace=${workspace} details=${details} meeting=${meeting} reason=${state.detail} />`}
			${state.phase === 'yours' && transfer && html`<${HandOver} workspace=${workspace} details=${details} transfer=${transfer} />`}
			${state.phase === 'done' && transfer && html`<${Delivered} workspace=${workspace} details=${details} transfer=${transfer} />`}
		</section>`;
}

/** @param {TransferState} state */
function heading(state) {
	switch (state.phase) {
		case 'none': return 'Move it to Loom';
		case 'waiting': return state.label;
		case 'moving': return 'On its way';
		case 'yours': return 'Ready for Loom';
		case 'done': return 'It’s on Loom';
		default: return 'The transfer failed';
	}
}

/** @param {{state: TransferState}} props */
function Steps({ state }) {
	return html`
		<ol class="steps" aria-label="Steps of the transfer">
			${steps.map((label, index) => html`
				<li key=${label} class=${index < state.step ? 'past' : index === state.step ? 'now' : ''} aria-current=${index === state.step ? 'step' : undefined}>
					<span class="dot" aria-hidden="true">${index < state.step && html`<${Check} />`}</span>
					<span>${label}${index < state.step && html`<span class="hidden"> (done)</span>`}</span>
				</li>`)}
		</ol>`;
}

/** @param {{workspace: Workspace, meeting: import('../data/types.js').Meeting, transfer?: Transfer}} props */
function Begin({ workspace, meeting, transfer }) {
	const { run, busy, error } = useAction(() => workspace.jobs.transfer(meeting.recording_id));
	return html`
		<p>${transfer?.status === 'cancelled' ? 'The transfer was cancelled. ' : ''}The video, summary and transcript are copied to your storage here. Then you upload the video to Loom in two clicks.</p>
		${error && html`<${Notice}>${anyMessage(error)}</${Notice}>`}
		<${Button} busy=${busy} onClick=${run}>Transfer to Loom</${Button}>`;
}

/** @param {{workspace: Workspace, state: TransferState, job?: Job}} props */
function Progress({ workspace, state, job }) {
	const retries = job?.status === 'failed';
	useTick(retries);
	return html`
		<div class="progress">
			<progress aria-label="Transfer" max="1" value=${state.phase === 'waiting' ? 0 : state.fraction ?? undefined} />
			<p><strong>${state.label}</strong></p>
			<p class="hidden" aria-live="polite">${spoken(state)}</p>
			<p class="muted">${state.detail}${retries && ` ${nextTryText(job.run_at)}`}</p>
		</div>
		${job && isActive(job) && html`<${JobButton} jobs=${workspace.jobs} job=${job} what="Transfer" />`}`;
}

/** What is read aloud: each quarter, not each percent. @param {TransferState} state */
const spoken = ({ label, fraction }) => (fraction === null ? label : `${Math.floor(fraction * 4) * 25} % copied`);

/** @param {Props & {reason: string}} props */
function Failed({ workspace, details, meeting, reason }) {
	const { run, busy, error } = useAction(() => workspace.jobs.transfer(meeting.recording_id));
	return html`
		<${Notice}>${reason}</${Notice}>
		<div class="actions">
			<${Button} busy=${busy} onClick=${run}>Try again</${Button}>
			${details.recording.value && html`<${DownloadButton} details=${details} kind="quiet" label="Download the file" />`}
		</div>
		${error && html`<${Notice}>${anyMessage(error)}</${Notice}>`}`;
}

/** Makes room: the video is on Loom. @param {{details: Props['details']}} props */
const DeleteFile = ({ details }) => html`
	<${AskFirst} label="Delete the file" no="Keep it" work=${() => details.deleteRecording()}
		question="Delete the copy of the video kept here? The one on Loom stays, and so do summary and transcript." />`;

/** @param {{workspace: Workspace, details: Props['details'], transfer: Transfer}} props */
function Delivered({ workspace, details, transfer }) {
	const link = safeURL(transfer.share_url);
	return html`
		${link && html`<p><${OutsideLink} class="share" href=${link}>${link.replace(/^https?:\/\//, '')}</${OutsideLink}></p>`}
		<p class="muted">Delivered ${relativeText(transfer.delivered_at)}.</p>
		${details.recording.value && html`
			<${DownloadButton} details=${details} kind="quiet" label="Download the file" />
			<${DeleteFile} details=${details} />`}
		<details>
			<summary>Use another link</summary>
			<${LinkForm} workspace=${workspace} transfer=${transfer} />
		</details>`;
}
