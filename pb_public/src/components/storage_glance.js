import { useEffect } from '../../vendor/preact-hooks.js';
import { bytesText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { settingsHref } from '../lib/router.js';

/** How much is stored, with a link to where it can be freed. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function StorageGlance({ workspace }) {
	const { storage } = workspace;
	useEffect(() => {
		storage.read().catch(() => {}); // the settings say why it failed
	}, [workspace.meetings.overview.value]); // which is read again after copies and deletions
	const usage = storage.usage.value;
	if (!usage) return null;
	return html`<a class="storage-glance muted" href=${settingsHref('storage')}>${bytesText(usage.bytes)}${usage.quota > 0 && ` of ${bytesText(usage.quota)}`} used</a>`;
}
