import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { saveFile } from '../lib/save_file.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Download } from './icons.js';
import { Notice } from './notice.js';

/**
 * Saves the stored recording as a file, under the title that the video should have at Loom.
 * @param {{details: import('../data/meeting_details.js').MeetingDetails, label?: string, kind?: 'primary'|'quiet', onDone?: () => void}} props
 */
export function DownloadButton({ details, label = 'Download', kind = 'primary', onDone }) {
	const { run, busy, error } = useAction(async () => {
		await details.loadTransferred();
		const recording = details.recording.value;
		if (!recording) throw new Error('The recording is no longer stored here. Copy the meeting again');
		saveFile(await details.fileURL(recording, true), recording.file_name);
		onDone?.();
	});
	return html`
		<${Button} kind=${kind} busy=${busy} onClick=${run}><${Download} />${label}</${Button}>
		${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}`;
}
