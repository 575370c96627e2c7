import { fieldError, firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { noFolder, preferenceFor } from '../lib/loom_options.js';
import { usePreference } from '../lib/use_preference.js';
import { FolderField, VisibilityField } from './loom_fields.js';

/** What applies to uploaded videos for which no rule says otherwise. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function LoomDefaults({ workspace }) {
	const { value, save, error, loaded } = usePreference(workspace.preferences, 'loom', {});
	const { visibility = 'owner', folder = noFolder } = value;
	/** @param {import('../data/types.js').LoomOptions} changed */
	const change = (changed) => save(preferenceFor({ visibility, folder, ...changed }));
	return html`
		<h3>Uploaded videos</h3>
		<${VisibilityField} id="loom-visibility" label="Who can watch them" value=${visibility} disabled=${!loaded} onChange=${(/** @type {any} */ chosen) => change({ visibility: chosen })} />
		<${FolderField} workspace=${workspace} id="loom-folder" label="Folder" value=${folder} disabled=${!loaded} onChange=${(/** @type {string} */ chosen) => change({ folder: chosen })} />
		<p class="hint">These apply to videos that are uploaded from now on. Each rule and each upload can choose others.</p>
		${error && html`<p class="error" role="alert">${fieldError(error, 'value') || firstMessage(error)}</p>`}`;
}
