// Asking for the transfer of every meeting that has none.
import { html } from './html.js';
import { AskFirst } from './ask_first.js';
import { count } from './format.js';

/** @param {{workspace: import('./workspace.js').Workspace}} props */
export function TransferAll({ workspace }) {
	const recordings = workspace.untransferred.value;
	if (!recordings.length) return null;
	const meetings = count(recordings.length, 'meeting');
	return html`
		<${AskFirst} kind="primary" label=${`Transfer ${count(recordings.length, 'to Loom', 'to Loom')}`} yes=${`Transfer ${meetings}`} no="Not now"
			question=${`Transfer ${meetings}? The videos are copied to your storage here, one after another. Then you upload each to Loom in two clicks.`}
			work=${() => workspace.jobs.transferMany(recordings)} />`;
}
