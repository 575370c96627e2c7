import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { isActive } from '../lib/job_status.js';
import { missingPartText, partNames } from '../lib/part_text.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';

/**
 * Says why a part of a meeting isn't there, and asks Fathom for it again.
 * @param {{workspace: import('../data/workspace.js').Workspace, meeting: import('../data/types.js').MeetingRecord, part: keyof typeof partNames}} props
 */
export function MissingPart({ workspace: { jobs }, meeting, part }) {
	const { run, busy, error } = useAction(() => jobs.requestParts(meeting.recording_id));
	const isAsking = jobs.all.some((job) => job.kind === 'fathom.parts' && job.payload?.recording_id === meeting.recording_id && isActive(job));
	const state = meeting.parts?.[part];
	if (state === 'ready') return html`<p class="muted">Loading…</p>`; // it is stored
	return html`
		<p class="muted">
			${missingPartText(state, part)}${' '}
			<${Button} kind="link" busy=${busy || isAsking} aria-label=${`Ask Fathom again for the ${partNames[part]}`} onClick=${run}>
				${isAsking ? 'Asking Fathom…' : 'Ask Fathom again'}
			</${Button}>
			${error && html`<span class="error" role="alert">${firstMessage(error)}</span>`}
		</p>`;
}
