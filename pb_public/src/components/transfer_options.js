import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { choiceText, noFolder } from '../lib/loom_options.js';
import { FolderField, VisibilityField } from './loom_fields.js';

/** @typedef {import('../data/types.js').TransferChoice} TransferChoice */

/**
 * What can be chosen for one transfer or, with `many`, for several. What isn't chosen is shown as the user prefers it.
 * `offersByHand` lets users leave several uploads to themselves. When it disappears, the choice is forgotten: nothing is
 * transferred with a choice that the user doesn't see.
 * @param {{workspace: import('../data/workspace.js').Workspace, id: string, choice: TransferChoice, onChange: (choice: TransferChoice) => void, many?: boolean,
 *   offersByHand?: boolean}} props
 */
export function TransferOptions({ workspace, id, choice, onChange, many = false, offersByHand = many }) {
	const [isOpen, setOpen] = useState(false);
	useEffect(() => () => onChange({}), []);
	const { by } = workspace.delivery;
	if (by === 'user' || (by === 'nobody' && !offersByHand)) return null;
	const { visibility = 'owner', folder = noFolder } = { ...workspace.preferences.get('loom'), ...choice };
	/** @param {TransferChoice} changed */
	const change = (changed) => onChange({ ...choice, ...changed });
	return html`
		<details class="transfer-options" onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
			<summary>Options${!isOpen && choiceText(choice, (/** @type {string} */ folderID) => workspace.loomFolders.nameOf(folderID))}</summary>
			${isOpen && html`
				<div>
					${offersByHand && html`
						<label class="check-box">
							<input type="checkbox" checked=${Boolean(choice.byHand)} onChange=${(/** @type {any} */ event) => change({ byHand: event.currentTarget.checked })} />
							<span>Upload them myself</span>
						</label>`}
					${by === 'server' && !choice.byHand && html`
						<${VisibilityField} id=${`${id}-visibility`} label=${`Who can watch ${many ? 'them' : 'it'} at Loom`} value=${visibility}
							onChange=${(/** @type {any} */ chosen) => change({ visibility: chosen })} />
						<${FolderField} workspace=${workspace} id=${`${id}-folder`} label="Folder at Loom" value=${folder}
							onChange=${(/** @type {string} */ chosen) => change({ folder: chosen })} />`}
				</div>`}
		</details>`;
}
