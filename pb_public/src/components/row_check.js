import { html } from '../lib/html.js';
import { titleText } from '../lib/meeting_title.js';

/**
 * Selects a meeting of the library; with the Shift key, all from the one that was selected last.
 * @param {{selection: import('../data/selection.js').Selection, meeting: import('../data/types.js').Meeting, index: number}} props
 */
export function RowCheck({ selection, meeting, index }) {
	/** @param {any} event */
	const onClick = ({ currentTarget, shiftKey }) => selection.set(meeting, index, currentTarget.checked, shiftKey);
	return html`
		<label class="row-check">
			<input type="checkbox" checked=${selection.has(meeting.id)} aria-label=${`Select: ${titleText(meeting.title)}`} onClick=${onClick} />
		</label>`;
}
