import { firstMessage } from '../lib/errors.js';
import { clockText, dayText, durationText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { startText } from '../lib/loom_options.js';
import { titleText } from '../lib/meeting_title.js';
import { meetingHref } from '../lib/router.js';
import { safeURL } from '../lib/safe_url.js';
import { nowFor } from '../lib/tick.js';
import { choiceOf, isRunning } from '../lib/transfer_state.js';
import { useAction } from '../lib/use_action.js';
import { waitTimes } from '../lib/wait_text.js';
import { Badge } from './badge.js';
import { Button } from './button.js';
import { ExternalLink } from './external_link.js';
import { RowCheck } from './row_check.js';
import { StateBadge } from './state_badge.js';
import { Thumb } from './thumb.js';
import { TransferProgress } from './transfer_progress.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Meeting} Meeting */

/**
 * A meeting in the library, at the place that its measures leave for it.
 * @param {{workspace: Workspace, meeting: Meeting | undefined, index: number, total: number, line: number, column: number,
 *   measures: import('../lib/row_layout.js').Measures}} props meeting is undefined until it is loaded
 */
export function MeetingRow({ workspace, meeting, index, total, line, column, measures: { row, columns } }) {
	const place = { top: `${line * row}px`, height: `${row}px`, left: `${100 * column / columns}%`, width: `${100 / columns}%` };
	if (!meeting) return html`<li class="row selectable pending" aria-hidden="true" style=${place}><span class="thumb"></span></li>`;
	const facts = [
		`${dayText(meeting.recorded_at)}, ${clockText(meeting.recorded_at)}`, durationText(meeting.duration), meeting.recorded_by?.name,
	].filter(Boolean);
	return html`
		<li class="row selectable" data-index=${index} aria-setsize=${total} aria-posinset=${index + 1} style=${place}>
			<${RowCheck} selection=${workspace.selection} meeting=${meeting} index=${index} />
			<div class="row-lead">
				<${Thumb} posters=${workspace.posters} meeting=${meeting} />
				<div class="row-main">
					<a class="row-title" dir="auto" href=${meetingHref(meeting.id)}>${titleText(meeting.title)}</a>
					<p class="muted">${facts.join(' · ')}${meeting.withdrawn_at && html` <${Badge} tone="plain">No longer at Fathom</${Badge}>`}</p>
				</div>
			</div>
			<div class="row-side"><${TransferCell} workspace=${workspace} meeting=${meeting} /></div>
		</li>`;
}

/** The state of the meeting, and its next step. @param {{workspace: Workspace, meeting: Meeting}} props */
function TransferCell({ workspace, meeting }) {
	const transfer = workspace.transferOf(meeting.recording_id);
	const job = transfer && workspace.jobs.records.value.get(transfer.job);
	const state = workspace.stateOf(meeting.recording_id, isRunning(transfer) ? nowFor(...waitTimes(job, workspace.jobs)) : Date.now());
	const { run, busy, error } = useAction(() => workspace.jobs.transfer(meeting.recording_id, state.phase === 'failed' ? choiceOf(job) : {}), 'The copy starts.', () => () => workspace.jobs.cancelTransfer(meeting.recording_id));
	/** @param {string} label */
	const button = (label) => html`
		<${Button} kind="quiet small" busy=${busy} aria-label=${`${label}: ${titleText(meeting.title)}`} onClick=${run}>${label}</${Button}>
		${error && html`<span class="error" role="alert">${firstMessage(error)}</span>`}`;
	const link = safeURL(transfer?.share_url || meeting.loom_url);
	const badge = html`<${StateBadge} state=${state} />`;
	switch (state.phase) {
		case 'done':
			return html`${badge}${link && html`<${ExternalLink} href=${link}>Watch on Loom</${ExternalLink}>`}`;
		case 'upload':
			return html`${badge}<a class="button quiet small" href=${meetingHref(meeting.id)}>Upload to Loom</a>`;
		case 'waiting':
			return html`${badge}<p class="row-reason muted">${state.detail}</p>`;
		case 'running':
			return html`${badge}<${TransferProgress} workspace=${workspace} transferID=${transfer?.id ?? ''} state=${state} name=${`Progress of ${titleText(meeting.title)}`} />`;
		case 'failed':
			return html`${badge}${button('Retry')}`;
		case 'none':
			return html`${badge}${button(startText(workspace.delivery))}`;
		default:
			return badge;
	}
}
