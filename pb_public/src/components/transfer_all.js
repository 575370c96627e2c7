// Asking for the transfer of every meeting that has none.
import { html } from '../lib/html.js';
import { AskFirst } from './confirm_button.js';
import { count } from '../lib/format.js';

/** @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function TransferAll({ workspace }) {
	const recordings = workspace.untransferred.value;
	if (!recordings.length) return null;
	const meetings = count(recordings.length, 'meeting');
	return html`
		<${AskFirst} kind="primary" label=${`Transfer ${count(recordings.length, 'to Loom', 'to Loom')}`} yes=${`Transfer ${meetings}`} no="Not now"
			question=${`Transfer ${meetings}? The videos are copied to your storage here, one after another. Then you upload each to Loom in two clicks.`}
			work=${() => workspace.jobs.transferMany(recordings)} />`;
}
