import { useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { deliveryWith, planText, startText } from '../lib/loom_options.js';
import { ConfirmButton } from './confirm_button.js';
import { TransferOptions } from './transfer_options.js';

/** Copies every meeting that has not been copied. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function TransferAll({ workspace }) {
	const [choice, setChoice] = useState(/** @type {import('../data/types.js').TransferChoice} */ ({}));
	const count = workspace.meetings.states.value.at_fathom;
	const transfer = () => workspace.copySelection({ library: { state: 'at_fathom' } }, count, choice);
	const delivery = deliveryWith(workspace.delivery, choice);
	return html`
		${count > 0 && html`
			<${ConfirmButton} kind="primary" label=${startText(workspace.delivery, count)} confirmLabel=${startText(delivery, count)}
				question=${planText(delivery, count)} action=${transfer}>
				<${TransferOptions} workspace=${workspace} id="all" choice=${choice} onChange=${setChoice} many=${true} />
			</${ConfirmButton}>`}`;
}
