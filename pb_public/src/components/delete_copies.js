import { deleteRecordings } from '../data/delete_recordings.js';
import { consequenceText } from '../lib/deletion_text.js';
import { bytesText, countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { ConfirmButton } from './confirm_button.js';

/** Deletes the stored videos of the selected meetings, if they were selected one by one. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function DeleteCopies({ workspace }) {
	const { selection, meetings, db } = workspace;
	const stored = selection.meetings.filter(({ recording }) => recording);
	if (!stored.length) return null;
	const remove = async () => {
		try {
			await deleteRecordings(db, stored.map(({ recording = '' }) => recording));
			selection.clear();
		} finally { // also if only some could be deleted
			meetings.refreshSoon();
		}
	};
	const size = bytesText(stored.reduce((sum, { size: bytes = 0 }) => sum + bytes, 0));
	const missing = stored.filter(({ recording_id: id }) => workspace.transferOf(id)?.status !== 'delivered').length;
	return html`
		<${ConfirmButton} label=${`Delete ${countText(stored.length, 'copy', 'copies')}`} confirmLabel="Delete" action=${remove}
			question=${`Delete ${countText(stored.length, 'video')} here and free ${size}? ${consequenceText(missing)}`} />`;
}
