import { useState } from '../../vendor/preact-hooks.js';
import { copyTimeText } from '../lib/copy_time.js';
import { firstMessage } from '../lib/errors.js';
import { bytesText, countText, durationText, numberText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { deliveryWith, startText } from '../lib/loom_options.js';
import { useAction } from '../lib/use_action.js';
import { BundleButton } from './bundle_button.js';
import { Button } from './button.js';
import { DeleteCopies } from './delete_copies.js';
import { Notice } from './notice.js';
import { ShareSelected } from './share_selected.js';
import { TransferOptions } from './transfer_options.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */

/** Does something with the selected meetings, and selects all that match. @param {{workspace: Workspace}} props */
export function SelectionBar({ workspace }) {
	const { selection, meetings } = workspace;
	const [choice, setChoice] = useState(/** @type {import('../data/types.js').TransferChoice} */ ({}));
	const { count, bytes, seconds, uncopied } = selection.summary;
	const { run, busy, error, clear } = useAction(async (/** @type {boolean} */ deliver) => {
		await workspace.copySelection(selection.request, count, deliver ? choice : { deliver });
		selection.clear();
	});
	/** @param {any} event */
	const selectAll = ({ currentTarget: { checked } }) => {
		clear();
		if (checked) selection.selectAll();
		else selection.clear();
	};
	const isAll = count > 0 && count === meetings.total;
	const [length, time] = [durationText(seconds), count > 0 && copyTimeText(uncopied, workspace.latestCopies)];
	const facts = [`${numberText(count)} selected`, bytes ? bytesText(bytes) : length && `${length} of recordings`, time && `${time} to copy`];
	return html`
		<div class=${`selection${count ? ' open' : ''}`} role="group" aria-label="Selected meetings" inert=${!meetings.isCurrent.value}>
			<label>
				<input type="checkbox" data-landing checked=${isAll} indeterminate=${count > 0 && !isAll} onChange=${selectAll} />
				${meetings.total === 1 ? 'Select the meeting' : `Select all ${countText(meetings.total, 'meeting')}`}
			</label>
			<span class="muted" aria-live="polite">${count > 0 && facts.filter(Boolean).join(' · ')}</span>
			${count > 0 && html`
				<div class="actions">
					${workspace.fathom && html`
						<${Button} kind="primary small" busy=${busy} onClick=${() => run(true)}>${startText(deliveryWith(workspace.delivery, choice), count)}</${Button}>
						<${Button} kind="quiet small" busy=${busy} onClick=${() => run(false)}>Only keep a copy here</${Button}>`}
					<${BundleButton} kind="quiet small" db=${workspace.db} selection=${selection.request} />
					<${ShareSelected} key=${selection.meetings.map(({ id }) => id).join()} workspace=${workspace} />
					<${DeleteCopies} workspace=${workspace} />
					<${Button} kind="link" onClick=${() => selection.clear()}>Clear</${Button}>
				</div>
				${workspace.fathom && html`<${TransferOptions} workspace=${workspace} id="selected" choice=${choice} onChange=${setChoice} many=${true} />`}`}
			${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
			${selection.error.value && html`<${Notice}>${selection.error.value}</${Notice}>`}
		</div>`;
}
