import { countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { ConfirmButton } from './confirm_button.js';

/** Transfers every meeting that has not been transferred. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function TransferAll({ workspace }) {
	const recordings = workspace.untransferred.value;
	if (!recordings.length) return null;
	const meetings = countText(recordings.length, 'meeting');
	return html`
		<${ConfirmButton} kind="primary" label=${`Transfer ${countText(recordings.length, 'to Loom', 'to Loom')}`} confirmLabel=${`Transfer ${meetings}`}
			question=${`Transfer ${meetings}? The videos are copied to your storage here. You then upload each of them to Loom.`}
			action=${() => workspace.jobs.transferMany(recordings)} />`;
}
