// One meeting in the list.
import { html } from '../lib/html.js';
import { Badge, Button, OutsideLink } from './button.js';
import { anyMessage } from '../lib/errors.js';
import { clockText, dayText, durationText, safeURL } from '../lib/format.js';
import { meetingHref } from '../lib/router.js';
import { transferState } from '../lib/transfer_state.js';
import { useAction } from '../lib/use_action.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Meeting} Meeting */

/** @param {{workspace: Workspace, meeting: Meeting}} props */
export function MeetingRow({ workspace, meeting }) {
	const facts = [
		`${dayText(meeting.recorded_at)}, ${clockText(meeting.recorded_at)}`, durationText(meeting.duration), meeting.recorded_by?.name,
	].filter(Boolean);
	return html`
		<li class="row">
			<div class="row-main">
				<a class="row-title" href=${meetingHref(meeting.id)}>${meeting.title || 'Untitled meeting'}</a>
				<p class="muted">${facts.join(' · ')}</p>
			</div>
			<div class="row-side"><${Side} workspace=${workspace} meeting=${meeting} /></div>
		</li>`;
}

/** How far its transfer is, or what to do next. @param {{workspace: Workspace, meeting: Meeting}} props */
function Side({ workspace, meeting }) {
	const transfer = workspace.transferOf(meeting.recording_id);
	const state = transferState(transfer, transfer && workspace.jobs.records.value.get(transfer.job));
	const { run, busy, error } = useAction(() => workspace.jobs.transfer(meeting.recording_id));
	/** @param {string} label @param {string} what */
	const button = (label, what) => html`
		<${Button} kind="quiet small" busy=${busy} aria-label=${`${what}: ${meeting.title}`} onClick=${run}>${label}</${Button}>
		${error && html`<span class="error" role="alert">${anyMessage(error)}</span>`}`;
	const link = safeURL(transfer?.share_url || meeting.loom_url);
	switch (state.phase) {
		case 'done':
			return link ? html`<${OutsideLink} href=${link}>Watch on Loom</${OutsideLink}>` : html`<${Badge} tone="good">On Loom</${Badge}>`;
		case 'yours':
			return html`<a class="button primary small" href=${meetingHref(meeting.id)}>Upload to Loom</a>`;
		case 'waiting':
			return html`<${Badge} tone="plain">${state.label}</${Badge}>`;
		case 'moving':
			return html`
				<span class="row-progress">
					<span>${state.label}</span>
					<progress aria-label=${`Transfer of ${meeting.title}`} max="1" value=${state.fraction ?? undefined} />
				</span>`;
		case 'failed':
			return html`<${Badge} tone="bad">Failed</${Badge}>${button('Try again', 'Try the transfer again')}`;
		default:
			return button('Transfer', 'Transfer');
	}
}
