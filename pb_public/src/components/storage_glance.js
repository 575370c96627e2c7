import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { bytesText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { settingsHref } from '../lib/router.js';

/** How much is stored, with a link to where it can be freed. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function StorageGlance({ workspace }) {
	const [usage, setUsage] = useState(/** @type {{bytes: number, quota: number} | null} */ (null));
	const { your_turn: turn, on_loom: done, kept_here: kept } = workspace.meetings.states.value;
	useEffect(() => {
		workspace.db.send('/api/usage', {}).then(setUsage, () => {}); // the settings say why it failed
	}, [turn + done + kept]);
	if (!usage) return null;
	return html`<a class="storage-glance muted" href=${settingsHref('storage')}>${bytesText(usage.bytes)}${usage.quota > 0 && ` of ${bytesText(usage.quota)}`} used</a>`;
}
