import { firstMessage } from '../lib/errors.js';
import { clockText, dayText, durationText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { meetingHref } from '../lib/router.js';
import { safeURL } from '../lib/safe_url.js';
import { choiceOf, transferState } from '../lib/transfer_state.js';
import { useAction } from '../lib/use_action.js';
import { Badge } from './badge.js';
import { Button } from './button.js';
import { ExternalLink } from './external_link.js';
import { RowCheck } from './row_check.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Meeting} Meeting */

/** A meeting on the list. @param {{workspace: Workspace, meeting: Meeting}} props */
export function MeetingRow({ workspace, meeting }) {
	const facts = [
		`${dayText(meeting.recorded_at)}, ${clockText(meeting.recorded_at)}`, durationText(meeting.duration), meeting.recorded_by?.name,
	].filter(Boolean);
	return html`
		<li class="row selectable">
			<${RowCheck} selection=${workspace.selection} meeting=${meeting} />
			<div class="row-main">
				<a class="row-title" href=${meetingHref(meeting.id)}>${meeting.title || 'Untitled meeting'}</a>
				<p class="muted">${facts.join(' · ')}${meeting.withdrawn_at && html` <${Badge} tone="plain">No longer at Fathom</${Badge}>`}</p>
			</div>
			<div class="row-side"><${TransferCell} workspace=${workspace} meeting=${meeting} /></div>
		</li>`;
}

/** The state of the meeting's transfer, or its next step. @param {{workspace: Workspace, meeting: Meeting}} props */
function TransferCell({ workspace, meeting }) {
	const transfer = workspace.transferOf(meeting.recording_id);
	const job = transfer && workspace.jobs.records.value.get(transfer.job);
	const state = transferState(transfer, job);
	const { run, busy, error } = useAction(() => workspace.jobs.transfer(meeting.recording_id, state.phase === 'failed' ? choiceOf(job) : {}));
	/** @param {string} label */
	const button = (label) => html`
		<${Button} kind="quiet small" busy=${busy} aria-label=${`${label}: ${meeting.title}`} onClick=${run}>${label}</${Button}>
		${error && html`<span class="error" role="alert">${firstMessage(error)}</span>`}`;
	const link = safeURL(transfer?.share_url || meeting.loom_url);
	switch (state.phase) {
		case 'done':
			return link ? html`<${ExternalLink} href=${link}>Watch on Loom</${ExternalLink}>` : html`<${Badge} tone="good">On Loom</${Badge}>`;
		case 'upload':
			return html`<a class="button primary small" href=${meetingHref(meeting.id)}>Upload to Loom</a>`;
		case 'stored':
			return html`<${Badge} tone="good">${state.label}</${Badge}>`;
		case 'waiting':
			return html`<${Badge} tone="plain">${state.label}</${Badge}>`;
		case 'running':
			return html`
				<span class="row-progress">
					<span>${state.label}</span>
					<progress aria-label=${`Transfer of ${meeting.title}`} max="1" value=${state.fraction ?? undefined} />
				</span>`;
		case 'failed':
			return html`<${Badge} tone="bad">Failed</${Badge}>${button('Retry')}`;
		default:
			return button('Transfer');
	}
}
