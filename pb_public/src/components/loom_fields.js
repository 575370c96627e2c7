// The choices for videos at Loom, in the preferences and in a rule.
import { useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { noFolder, visibilities } from '../lib/loom_options.js';
import { useLoomFolders } from '../lib/use_loom_folders.js';
import { Button } from './button.js';

/**
 * `value` is the choice; without it, the field keeps its own, which begins with `initial`. `usual` labels the choice of none.
 * @typedef {{id: string, label: string, value?: string, initial?: string, usual?: string, disabled?: boolean, onChange?: (value: any) => void}} FieldProps
 */

/** Chooses who can watch videos. @param {FieldProps} props */
export function VisibilityField(props) {
	return html`<${Choice} ...${props} options=${Object.entries(visibilities)} />`;
}

/** Chooses the folder of videos. A chosen folder stays a choice while the folders aren't known. @param {FieldProps & {workspace: import('../data/workspace.js').Workspace}} props */
export function FolderField({ workspace, ...props }) {
	const folders = useLoomFolders(workspace);
	const all = folders.all.value ?? [];
	const error = folders.error.value;
	const retry = html`<${Button} kind="link" onClick=${() => folders.reload()}>Try again</${Button}>`;
	return html`
		<${Choice} ...${props} options=${[[noFolder, 'No folder'], ...all.map(({ id, name }) => [id, name])]}
			unknown=${folders.all.value ? 'A folder that isn’t there any more' : 'The chosen folder'}
			error=${error && html`The folders could not be loaded. ${error} ${retry}`} />`;
}

/** @param {FieldProps & {options: string[][], unknown?: string, error?: any}} props */
function Choice({ id, label, value, initial = '', usual = '', disabled, onChange, options, unknown = '', error }) {
	const [own, setOwn] = useState(initial);
	const chosen = value ?? own;
	/** @param {any} event */
	const choose = ({ currentTarget }) => {
		setOwn(currentTarget.value);
		onChange?.(currentTarget.value);
	};
	const isUnknown = chosen && !options.some(([name]) => name === chosen);
	return html`
		<div class="field">
			<label for=${id}>${label}</label>
			<select id=${id} name=${id} value=${chosen} disabled=${disabled} aria-describedby=${error ? `${id}-error` : undefined} onChange=${choose}>
				${usual && html`<option value="">${usual}</option>`}
				${isUnknown && html`<option value=${chosen}>${unknown}</option>`}
				${options.map(([name, text]) => html`<option key=${name} value=${name}>${text}</option>`)}
			</select>
			${error && html`<p class="error" id=${`${id}-error`} role="alert">${error}</p>`}
		</div>`;
}
