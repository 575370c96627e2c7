import { bytesText, longDayText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { isAudio } from '../lib/transfer_state.js';
import { ConfirmButton } from './confirm_button.js';
import { DownloadButton } from './download_button.js';

/**
 * The stored video of a meeting, or its audio: its size, and how to get rid of it.
 * @param {{details: import('../data/meeting_details.js').MeetingDetails, isDelivered?: boolean, canDownload?: boolean}} props
 */
export function StoredVideo({ details, isDelivered = false, canDownload = true }) {
	const recording = details.recording.value;
	if (!recording) return null;
	const media = isAudio(recording) ? 'audio' : 'video';
	const consequence = isDelivered
		? 'The video on Loom, the summary and the transcript are kept.'
		: `${media === 'video' ? 'It is not on Loom yet. ' : ''}The summary and the transcript are kept, and you can copy the meeting again.`;
	return html`
		<div class="stored-video">
			<p class="muted">The ${media} stored here takes up ${bytesText(recording.size)}.${recording.retained_until && ` It is deleted after ${longDayText(recording.retained_until)}.`}</p>
			<div class="actions">
				${canDownload && html`<${DownloadButton} details=${details} kind="quiet" label=${`Download ${media}`} />`}
				<${ConfirmButton} label=${`Delete stored ${media}`} action=${() => details.deleteRecording()} done=${`The stored ${media} is deleted.`}
					question=${`Delete the ${media} stored here and free ${bytesText(recording.size)}? ${consequence}`} />
			</div>
		</div>`;
}
