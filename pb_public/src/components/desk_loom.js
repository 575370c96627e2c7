import { serverInfo } from '../data/server_info.js';
import { limitsText } from '../lib/desk_text.js';
import { html } from '../lib/html.js';
import { DeskStep } from './desk_step.js';
import { ExternalLink } from './external_link.js';

/** The second step: the user uploads the files at Loom. @param {{desk: import('../data/upload_desk.js').UploadDesk}} props */
export function DeskLoom({ desk }) {
	const files = desk.waiting.value;
	const isOne = files.length === 1;
	const hasAll = files.every((item) => desk.saved.stateOf(item));
	return html`
		<${DeskStep} number=${2} title="Upload them to Loom">
			<p>In your Loom library, select <strong>New video</strong>, then <strong>Upload a video</strong>, and choose the ${isOne ? 'file' : 'files'}${' '}
				listed in step 1. Don’t rename the ${isOne ? 'file' : 'files'}: links are matched to meetings by name.</p>
			<${ExternalLink} class=${`button ${hasAll ? 'primary' : 'quiet'}`} href=${serverInfo.value.loomUploadURL}>Open Loom</${ExternalLink}>
			<p class="muted">${limitsText(files)} Anyone with the link must be able to view a video: otherwise this server can’t check it.</p>
		</${DeskStep}>`;
}
