import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { saveFile } from '../lib/save_file.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Download } from './icons.js';
import { Notice } from './notice.js';

/**
 * Downloads meetings as a zip archive of ordinary files: videos, captions, and texts in Markdown.
 * @param {{db: import('../data/clients.js').UserDatabase, selection: import('../data/types.js').MeetingSelection, label?: string,
 *   kind?: string}} props
 */
export function BundleButton({ db, selection, label = 'Download as files', kind = 'quiet' }) {
	const { run, busy, error } = useAction(async () => {
		const { path } = await db.send('/api/bundles', { method: 'POST', body: selection });
		saveFile(db.buildURL(path));
	});
	return html`
		<${Button} kind=${kind} busy=${busy} onClick=${run}><${Download} />${label}</${Button}>
		${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}`;
}
