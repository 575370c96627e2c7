import { useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { deliveryWith, planText, startText } from '../lib/loom_options.js';
import { ConfirmButton } from './confirm_button.js';
import { TransferOptions } from './transfer_options.js';
import { TransferResult } from './transfer_result.js';

const maxSelected = 2000; // meetings in one request

/** Copies every meeting that has not been copied. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function TransferAll({ workspace }) {
	const [result, setResult] = useState(/** @type {import('../data/types.js').BulkTransfers | null} */ (null));
	const [choice, setChoice] = useState(/** @type {import('../data/types.js').TransferChoice} */ ({}));
	const recordings = workspace.untransferred.value;
	const transfer = async () => {
		const done = await workspace.transferMany({ recording_ids: recordings.slice(0, maxSelected) }, choice);
		setResult({ ...done, left: done.left + Math.max(0, recordings.length - maxSelected) });
	};
	const delivery = deliveryWith(workspace.delivery, choice);
	return html`
		${recordings.length > 0 && html`
			<${ConfirmButton} kind="primary" label=${startText(workspace.delivery, recordings.length)} confirmLabel=${startText(delivery, recordings.length)}
				question=${planText(delivery, recordings.length)} action=${transfer}>
				<${TransferOptions} workspace=${workspace} id="all" choice=${choice} onChange=${setChoice} many=${true} />
			</${ConfirmButton}>`}
		<${TransferResult} result=${result} />`;
}
