import { totalSize } from '../lib/desk_text.js';
import { bytesText, countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { ConfirmButton } from './confirm_button.js';

/** What remains to be done when videos are on Loom: their copies here may be deleted. @param {{desk: import('../data/upload_desk.js').UploadDesk}} props */
export function DeskDone({ desk }) {
	const copies = desk.delivered.value.filter(({ recording }) => recording);
	if (!copies.length) return null;
	const what = `Delete the ${copies.length === 1 ? 'copy' : countText(copies.length, 'copy', 'copies')} here (${bytesText(totalSize(copies))})`;
	return html`
		<${ConfirmButton} label=${what} confirmLabel="Delete" action=${() => desk.deleteCopies()} done="The copies here were deleted."
			question=${`${what}? The videos on Loom are kept, and so are the summaries and transcripts.`} />`;
}
