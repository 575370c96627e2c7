// Saving the stored recording as a file, under the name Loom should show.
import { html } from '../lib/html.js';
import { Button, Notice } from './button.js';
import { anyMessage } from '../lib/errors.js';
import { Down } from './icons.js';
import { useAction } from '../lib/use_action.js';

/**
 * @param {{details: import('../data/meeting_details.js').MeetingDetails, label?: string, kind?: 'primary'|'quiet', onDone?: () => void}} props
 */
export function DownloadButton({ details, label = 'Download', kind = 'primary', onDone }) {
	const { run, busy, error } = useAction(async () => {
		await details.loadParts();
		const recording = details.recording.value;
		if (!recording) throw new Error('The file isn’t here any more. Start the transfer again');
		save(await details.fileURL(recording, true), recording.file_name);
		onDone?.();
	});
	return html`
		<${Button} kind=${kind} busy=${busy} onClick=${run}><${Down} />${label}</${Button}>
		${error && html`<${Notice}>${anyMessage(error)}</${Notice}>`}`;
}

/** Has the browser save a file. @param {string} url @param {string} name */
export function save(url, name) {
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
}
