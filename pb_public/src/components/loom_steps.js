// The owner's part: download the prepared file, upload it at Loom, paste the link.
import { useState } from '../../vendor/preact-hooks.js';
import { signal } from '../../vendor/signals.js';
import { html } from '../lib/html.js';
import { Button, Field, OutsideLink } from './button.js';
import { pb } from '../data/clients.js';
import { DownloadButton } from './download_button.js';
import { anyMessage, fieldError } from '../lib/errors.js';
import { bytesText } from '../lib/format.js';
import { Check } from './icons.js';
import { useAction } from '../lib/use_action.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Transfer} Transfer */

const loomUploads = signal('https://www.loom.com/looms/videos');
pb.send('/api/app', {}).then((about) => {
	loomUploads.value = about.loom_upload_url;
}).catch(() => {}); // the real Loom is a good guess

/** @param {{workspace: Workspace, details: import('../data/meeting_details.js').MeetingDetails, transfer: Transfer}} props */
export function HandOver({ workspace, details, transfer }) {
	const [downloaded, setDownloaded] = useState(false);
	return html`
		<ol class="hand-over">
			<li>
				<h3>Download the file${downloaded && html`<span class="ticked"><${Check} /><span class="hidden"> (done)</span></span>`}</h3>
				<p class="file">${transfer.file_name}<span class="muted"> · ${bytesText(transfer.bytes_total)}</span></p>
				<${DownloadButton} details=${details} kind=${downloaded ? 'quiet' : 'primary'}
					label=${downloaded ? 'Download again' : 'Download'} onDone=${() => setDownloaded(true)} />
			</li>
			<li>
				<h3>Upload it at Loom</h3>
				<p>In your Loom library choose <strong>New video</strong>, then <strong>Upload a video</strong>, and pick the file. Leave its name as it is.</p>
				<p><${OutsideLink} href=${loomUploads.value}>Open ${new URL(loomUploads.value).host}</${OutsideLink}></p>
			</li>
			<li>
				<h3>Paste the link</h3>
				<${LinkForm} workspace=${workspace} transfer=${transfer} />
			</li>
		</ol>`;
}

/** @param {{workspace: Workspace, transfer: Transfer}} props */
export function LinkForm({ workspace, transfer }) {
	const { run, busy, error } = useAction(async (/** @type {string} */ link) => {
		const saved = await workspace.db.collection('transfers').update(transfer.id, { share_url: link });
		workspace.transfers.put(/** @type {any} */ (saved));
	});
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		run(String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('share-link')).trim());
	};
	return html`
		<form onSubmit=${submit}>
			<${Field} id="share-link" label="Loom share link" inputmode="url" required autocomplete="off" spellcheck=${false}
				placeholder="https://www.loom.com/share/…" error=${error ? fieldError(error, 'share_url') || anyMessage(error) : ''} />
			<${Button} type="submit" busy=${busy}>${busy ? 'Checking with Loom…' : 'Save link'}</${Button}>
		</form>`;
}
