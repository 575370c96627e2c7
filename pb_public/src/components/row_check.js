import { html } from '../lib/html.js';

/**
 * Selects a meeting on the list; with the Shift key, all from the one that was selected last.
 * @param {{selection: import('../data/selection.js').Selection, meeting: import('../data/types.js').Meeting}} props
 */
export function RowCheck({ selection, meeting: { id, title } }) {
	/** @param {any} event */
	const onClick = ({ currentTarget, shiftKey }) => selection.set(id, currentTarget.checked, shiftKey);
	return html`
		<label class="row-check">
			<input type="checkbox" checked=${selection.has(id)} aria-label=${`Select: ${title || 'Untitled meeting'}`} onClick=${onClick} />
		</label>`;
}
