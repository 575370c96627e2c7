import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { missingPartText } from '../lib/part_text.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';

/**
 * Says why a part of a meeting isn't there, and asks Fathom for it again.
 * @param {{workspace: import('../data/workspace.js').Workspace, meeting: import('../data/types.js').MeetingRecord, part: 'summary'|'transcript'}} props
 */
export function MissingPart({ workspace, meeting, part }) {
	const { run, busy, error } = useAction(() => workspace.jobs.requestParts(meeting.recording_id));
	return html`
		<p class="muted">
			${missingPartText(meeting.parts?.[part], part)}${' '}
			<${Button} kind="link" busy=${busy} aria-label=${`Ask Fathom again for the ${part}`} onClick=${run}>Ask Fathom again</${Button}>
			${error && html`<span class="error" role="alert">${firstMessage(error)}</span>`}
		</p>`;
}
