import { useState } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { deliveryWith, startText } from '../lib/loom_options.js';
import { useAction } from '../lib/use_action.js';
import { BundleButton } from './bundle_button.js';
import { Button } from './button.js';
import { Notice } from './notice.js';
import { TransferOptions } from './transfer_options.js';
import { TransferResult } from './transfer_result.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */

/** Selects all meetings shown, and does something with the selected ones. @param {{workspace: Workspace}} props */
export function SelectionBar({ workspace }) {
	const { selection, meetings } = workspace;
	const [result, setResult] = useState(/** @type {import('../data/types.js').BulkTransfers | null} */ (null));
	const [choice, setChoice] = useState(/** @type {import('../data/types.js').TransferChoice} */ ({}));
	const selected = selection.meetings;
	const { run, busy, error, clear } = useAction(async (/** @type {boolean} */ deliver) => {
		setResult(null);
		setResult(await workspace.transferMany({ recording_ids: selected.map((meeting) => meeting.recording_id) }, deliver ? choice : { deliver }));
		selection.clear();
	});
	/** @param {any} event */
	const selectAll = ({ currentTarget: { checked } }) => {
		clear();
		selection.setAll(checked);
	};
	const isAll = selected.length === meetings.items.value.length;
	return html`
		<div class=${`selection${selected.length ? ' open' : ''}`} role="group" aria-label="Selected meetings">
			<label>
				<input type="checkbox" checked=${isAll} indeterminate=${selected.length > 0 && !isAll} onChange=${selectAll} />
				Select all shown
			</label>
			<span class="muted" aria-live="polite">${selected.length > 0 && `${selected.length} selected`}</span>
			${selected.length > 0 && html`
				<div class="actions">
					${workspace.fathom && html`
						<${Button} kind="primary small" busy=${busy} onClick=${() => run(true)}>${startText(deliveryWith(workspace.delivery, choice), selected.length)}</${Button}>
						<${Button} kind="quiet small" busy=${busy} onClick=${() => run(false)}>Only keep a copy here</${Button}>`}
					<${BundleButton} kind="quiet small" db=${workspace.db} selection=${{ recording_ids: selected.map((meeting) => meeting.recording_id) }} />
					<${Button} kind="link" onClick=${() => selection.clear()}>Clear</${Button}>
				</div>
				${workspace.fathom && html`<${TransferOptions} workspace=${workspace} id="selected" choice=${choice} onChange=${setChoice} many=${true} />`}`}
			${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
			${!selected.length && html`<${TransferResult} result=${result} />`}
		</div>`;
}
