import { useEffect } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { bytesText, percentText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Notice } from './notice.js';
import { Retention } from './retention.js';
import { Spinner } from './spinner.js';
import { StorageByMeeting } from './storage_by_meeting.js';

/** How much is stored, and what to delete. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function Storage({ workspace }) {
	const { storage } = workspace;
	const usage = storage.usage.value;
	const { run, error } = useAction(() => storage.read());
	useEffect(() => {
		run();
	}, []);
	return html`
		<section class="card" aria-labelledby="storage-heading">
			<h2 id="storage-heading">Storage</h2>
			${error && html`<${Notice}>${firstMessage(error)} <${Button} kind="link" onClick=${run}>Try again</${Button}></${Notice}>`}
			${!usage && !error && html`<${Spinner} label="Loading storage use" />`}
			${usage && html`<${Usage} bytes=${usage.bytes} quota=${usage.quota} />`}
			<p class="muted">Your meetings, transcripts and videos are stored in your own database. To free space, delete
			videos. Summaries and transcripts are kept.</p>
			<${Retention} workspace=${workspace} />
			<${StorageByMeeting} workspace=${workspace} onDelete=${run} />
		</section>`;
}

/** @param {{bytes: number, quota: number}} props */
function Usage({ bytes, quota }) {
	if (!quota) return html`<p><strong>${bytesText(bytes)}</strong> used.</p>`;
	const isFull = bytes >= quota;
	return html`
		<div class="progress">
			<progress aria-label="Storage used" max="1" value=${Math.min(bytes / quota, 1)} />
			<p><strong>${bytesText(bytes)}</strong> of ${bytesText(quota)} used (${percentText(bytes / quota)}).</p>
		</div>
		${isFull && html`<${Notice}>Your storage is full. Delete videos to copy more.</${Notice}>`}`;
}
