import { useState } from '../../vendor/preact-hooks.js';
import { firstMessage, statusOf } from '../lib/errors.js';
import { countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { deliveryWith, planText, startText } from '../lib/loom_options.js';
import { reasonsText } from '../lib/transfer_result.js';
import { useAction } from '../lib/use_action.js';
import { ConfirmButton } from './confirm_button.js';
import { Notice } from './notice.js';
import { TransferOptions } from './transfer_options.js';

/** @typedef {import('../data/types.js').BulkTransfers} BulkTransfers */
/** @typedef {import('../data/types.js').TransferChoice} TransferChoice */

/** Copies every meeting that matches the search. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function TransferMatching({ workspace }) {
	const [plan, setPlan] = useState(/** @type {BulkTransfers | null} */ (null));
	const [choice, setChoice] = useState(/** @type {TransferChoice} */ ({}));
	const { meetings } = workspace;
	const delivery = deliveryWith(workspace.delivery, choice);
	const selection = { library: meetings.filter };
	const { run: planAgain, error } = useAction(async (/** @type {TransferChoice} */ chosen) => {
		setPlan(await workspace.transferMany(selection, { ...chosen, dryRun: true }));
	});
	const count = meetings.total;
	if (!count || !meetings.isCurrent.value) return null;
	const prepare = async () => {
		const planned = await workspace.transferMany(selection, { ...choice, dryRun: true });
		if (!planned.created) throw new Error(questionFor(planned, delivery));
		setPlan(planned);
	};
	/** @param {TransferChoice} chosen */
	const choose = (chosen) => {
		setChoice(chosen);
		if (chosen.byHand !== choice.byHand) planAgain(chosen); // recordings that wait for the user aren't sent by hand again
	};
	const transfer = async () => {
		try {
			await workspace.copySelection(selection, plan?.matched ?? count, choice);
		} catch (failure) {
			if (statusOf(failure) === 409) planAgain(choice); // the question has to be another one
			throw failure;
		}
	};
	return html`
		<${ConfirmButton} kind="primary" label=${`Copy ${countText(count, 'matching meeting')}`} confirmLabel=${startText(delivery, plan?.created)} prepare=${prepare}
			question=${plan ? questionFor(plan, delivery) : ''} action=${transfer}>
			<${TransferOptions} workspace=${workspace} id="matching" choice=${choice} onChange=${choose} many=${true} />
			${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
		</${ConfirmButton}>`;
}

/** @param {BulkTransfers} plan @param {import('../lib/loom_options.js').Delivery} delivery */
function questionFor({ created, active, skipped, waiting }, delivery) {
	const reasons = reasonsText({ active, skipped, waiting });
	if (!created) return `There is nothing to copy. ${reasons}`;
	return `${planText(delivery, created)} ${reasons}`;
}
