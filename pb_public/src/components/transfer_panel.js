import { useEffect } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { isActive } from '../lib/job_status.js';
import { nowFor } from '../lib/tick.js';
import { isRunning, isUploaded, stepsOf } from '../lib/transfer_state.js';
import { waitTimes } from '../lib/wait_text.js';
import { stateIcons } from './icons.js';
import { JobButton } from './job_button.js';
import { UploadMyself } from './loom_choice.js';
import { LoomSteps } from './loom_steps.js';
import { ShareLink } from './share_link.js';
import { Steps } from './steps.js';
import { DeliveredTransfer, FailedTransfer, StoredTransfer } from './transfer_ends.js';
import { TransferProgress } from './transfer_progress.js';
import { TransferStart } from './transfer_start.js';

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
	const state = workspace.stateOf(meeting.recording_id, nowFor(...waitTimes(job, workspace.jobs)));
	return html`
		<section class=${`card transfer ${state.phase}`} aria-labelledby="transfer-heading">
			<h2 id="transfer-heading" class=${`state ${state.tone}`} aria-live="polite"><${stateIcons[state.icon]} />${state.word}</h2>
			${!['none', 'failed', 'stored'].includes(state.phase) && html`<${Steps} titles=${stepsOf(transfer, job)} step=${state.step} />`}
			${state.phase === 'none' && html`<${TransferStart} workspace=${workspace} details=${details} meeting=${meeting} transfer=${transfer} />`}
			${(state.phase === 'waiting' || state.phase === 'running') && html`
				<${ShareLink} url=${transfer?.share_url} />
				<${Progress} workspace=${workspace} title=${meeting.title} transferID=${transfer?.id ?? ''} state=${state} job=${job} />
				${transfer && state.step === 2 && state.phase === 'waiting' && isUploaded(transfer) && html`<${UploadMyself} workspace=${workspace} recordingID=${meeting.recording_id} />`}`}
			${state.phase === 'failed' && html`<${FailedTransfer} workspace=${workspace} details=${details} meeting=${meeting} reason=${state.detail} job=${job} />`}
			${state.phase === 'upload' && transfer && html`<${LoomSteps} workspace=${workspace} details=${details} transfer=${transfer} />`}
			${state.phase === 'stored' && transfer && html`<${StoredTransfer} workspace=${workspace} details=${details} transfer=${transfer} />`}
			${state.phase === 'done' && transfer && html`<${DeliveredTransfer} workspace=${workspace} details=${details} transfer=${transfer} />`}
		</section>`;
}

/** @param {{workspace: Workspace, title: string, transferID: string, state: TransferState, job?: Job}} props */
function Progress({ workspace, title, transferID, state, job }) {
	return html`
		<${TransferProgress} workspace=${workspace} transferID=${transferID} state=${state} name="Progress" hasPercent=${true} />
		<p class="hidden" aria-live="polite">${announcement(state)}</p>
		${job && isActive(job) && html`<${JobButton} jobs=${workspace.jobs} job=${job} title=${title} />`}`;
}

/** Screen readers announce each quarter rather than each percent. @param {TransferState} state */
const announcement = ({ word, fraction, step }) => (fraction === null ? word : `${Math.floor(fraction * 4) * 25}% ${step === 2 ? 'uploaded' : 'copied'}`);
