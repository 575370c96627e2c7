import { useState } from '../../vendor/preact-hooks.js';
import { serverInfo } from '../data/server_info.js';
import { bytesText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { canRead } from '../lib/loom_connection.js';
import { CopyAgain } from './copy_again.js';
import { DownloadButton } from './download_button.js';
import { ExternalLink } from './external_link.js';
import { Check } from './icons.js';
import { LinkForm } from './link_form.js';
import { UploadForMe } from './loom_choice.js';
import { Notice } from './notice.js';
import { StoredVideo } from './stored_video.js';

/**
 * The steps that users do themselves: download the recording, upload it to Loom, paste its link.
 * @param {{workspace: import('../data/workspace.js').Workspace, details: import('../data/meeting_details.js').MeetingDetails,
 *   transfer: import('../data/types.js').Transfer}} props
 */
export function LoomSteps({ workspace, details, transfer }) {
	const [downloaded, setDownloaded] = useState(false);
	const { loomUploadURL } = serverInfo.value;
	const isStored = details.loadedFor.value !== transfer.status || details.recording.value;
	return html`
		${transfer.note && html`<${Notice} kind="note">${transfer.note}</${Notice}>`}
		${workspace.delivery.by === 'server' && html`<${UploadForMe} workspace=${workspace} transfer=${transfer} />`}
		<ol class="loom-steps">
			<li>
				<h3>Download the video${downloaded && html`<span class="ticked"><${Check} /><span class="hidden"> (done)</span></span>`}</h3>
				${isStored
					? html`
						<p>${transfer.file_name}<span class="muted"> · ${bytesText(transfer.bytes_total)}</span></p>
						<${DownloadButton} details=${details} kind=${downloaded ? 'quiet' : 'primary'}
							label=${downloaded ? 'Download again' : 'Download'} onDone=${() => setDownloaded(true)} />`
					: html`
						<p>The video stored here was deleted. If you haven’t downloaded it, copy it from Fathom again.</p>
						<${CopyAgain} workspace=${workspace} transfer=${transfer} />`}
			</li>
			<li>
				<h3>Upload it to Loom</h3>
				<p>In your Loom library, select <strong>New video</strong>, then <strong>Upload a video</strong>, and choose the file. Don’t rename it.</p>
				<p><${ExternalLink} href=${loomUploadURL}>Open ${new URL(loomUploadURL).host}</${ExternalLink}></p>
			</li>
			<li>
				<h3>Paste the share link</h3>
				${canRead(workspace.loomReader) && html`<p class="muted">Or wait: Loom is asked for your new videos. This one is found if its title and length leave no doubt.</p>`}
				<${LinkForm} workspace=${workspace} transfer=${transfer} />
			</li>
		</ol>
		<${StoredVideo} details=${details} canDownload=${false} />
		${details.recording.value && html`<${CopyAgain} workspace=${workspace} transfer=${transfer} isStored=${true} label="Copy again" />`}`;
}
