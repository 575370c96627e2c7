import { useState } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { copiedText } from '../lib/first_run.js';
import { clockText, dayText, durationText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { isActive } from '../lib/job_status.js';
import { titleText } from '../lib/meeting_title.js';
import { meetingHref } from '../lib/router.js';
import { nowFor } from '../lib/tick.js';
import { isHopeless, isRunning } from '../lib/transfer_state.js';
import { useAction } from '../lib/use_action.js';
import { waitTimes } from '../lib/wait_text.js';
import { Button } from './button.js';
import { Notice } from './notice.js';
import { StorageLink } from './storage_link.js';
import { TransferProgress } from './transfer_progress.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Meeting} Meeting */

/**
 * The meeting of the first copy, which is the newest one unless another one is copied instead, and the state of its copy.
 * There must be meetings.
 * @param {Workspace} workspace @param {string} chosen the id of a meeting; may be blank
 */
export function firstCopy(workspace, chosen) {
	const meetings = workspace.meetings.items.value;
	const meeting = /** @type {Meeting} */ (meetings.find(({ id }) => id === chosen)
		?? meetings.find(({ recording_id: id }) => workspace.transferOf(id)) ?? meetings[0]);
	const transfer = workspace.transferOf(meeting.recording_id);
	const job = transfer && workspace.jobs.records.value.get(transfer.job);
	const state = workspace.stateOf(meeting.recording_id, isRunning(transfer) ? nowFor(...waitTimes(job, workspace.jobs)) : Date.now());
	return { meeting, transfer, job, state, isCopied: ['upload', 'stored', 'done'].includes(state.phase) };
}

/** Copies a meeting. @param {{workspace: Workspace, onStarted: () => void}} props */
export function CopyStep({ workspace, onStarted }) {
	const [chosen, setChosen] = useState('');
	const { meeting, transfer, job, state, isCopied } = firstCopy(workspace, chosen);
	const { phase } = state;
	const title = titleText(meeting.title);
	const isFailed = phase === 'failed';
	const { jobs, delivery } = workspace;
	const { run, busy, error } = useAction(() => (isFailed && job && !isActive(job)
		? jobs.retry(job.id)
		: jobs.transfer(meeting.recording_id, { deliver: delivery.by !== 'nobody' })));
	const start = async () => {
		setChosen(meeting.id); // a sync may find a newer one
		if (await run()) onStarted();
	};
	const facts = [`${dayText(meeting.recorded_at)}, ${clockText(meeting.recorded_at)}`, durationText(meeting.duration)].filter(Boolean).join(' · ');
	return html`
		<p><strong dir="auto">${title}</strong><br /><span class="muted">${facts}</span></p>
		${isFailed && html`<${Notice}>${state.detail}</${Notice}>`}
		${error && html`<${Notice}>${firstMessage(error)}<${StorageLink} reason=${firstMessage(error)} /></${Notice}>`}
		<div aria-live="polite">
			${(phase === 'waiting' || phase === 'running') && html`<p><strong>${state.word}</strong></p>`}
			${isCopied && html`<p>${copiedText(phase)}</p>`}
		</div>
		${(phase === 'waiting' || phase === 'running') && html`
			<${TransferProgress} workspace=${workspace} transferID=${transfer?.id ?? ''} state=${state} name=${`Copy of ${title}`} hasPercent=${true} />`}
		${(phase === 'none' || isFailed || isCopied) && html`
			<div class="actions">
				${!isCopied && !isHopeless(job) && html`<${Button} busy=${busy} aria-label=${`${isFailed ? 'Try again' : 'Copy'}: ${title}`} onClick=${start}>${isFailed ? 'Try again' : 'Copy'}</${Button}>`}
				${phase !== 'none' && html`<a class=${`button ${isFailed ? 'quiet' : 'primary'}`} href=${meetingHref(meeting.id)}>Open the meeting</a>`}
			</div>`}`;
}
