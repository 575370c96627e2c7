import { useState } from '../../vendor/preact-hooks.js';
import { countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { Button } from './button.js';
import { CopyText } from './copy_text.js';
import { SharedLinkForm } from './shared_link_form.js';

/** Creates a link to each of the selected recordings that are stored. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function ShareSelected({ workspace: { selection, lookup } }) {
	const [isOpen, setOpen] = useState(false);
	const [links, setLinks] = useState(/** @type {import('../data/types.js').SharedLink[]} */ ([]));
	const stored = selection.meetings.filter(({ recording }) => recording).map(({ recording_id: id }) => id);
	const shared = new Set(links.map(({ recording_id: id }) => id));
	const missing = stored.filter((id) => !shared.has(id)); // after a failure, only these are left
	const lines = links.map(({ recording_id: id, url }) => [lookup.get(id)?.title, url].filter(Boolean).join(': '));
	if (!stored.length) return null;
	return html`
		${missing.length > 0 && !isOpen && html`<${Button} kind="quiet small" onClick=${() => setOpen(true)}>Share ${countText(missing.length, 'recording')}</${Button}>`}
		${missing.length > 0 && isOpen && html`
			<${SharedLinkForm} recordingIDs=${missing} onCancel=${() => setOpen(false)}
				onSaved=${(/** @type {typeof links[0]} */ link) => setLinks((known) => [...known, link])} />`}
		${links.length > 0 && html`<${CopyText} id="selected-links" label=${`Anybody with ${links.length === 1 ? 'the link' : 'a link'} can watch the recording`} text=${lines.join('\n')} />`}`;
}
