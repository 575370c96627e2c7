// The desk for recordings that the user uploads to Loom: get the files, upload them, paste their links.
import { useEffect } from '../../vendor/preact-hooks.js';
import { Button } from '../components/button.js';
import { DeskDone } from '../components/desk_done.js';
import { DeskFileList } from '../components/desk_file_list.js';
import { DeskFiles } from '../components/desk_files.js';
import { DeskLinks } from '../components/desk_links.js';
import { DeskLoom } from '../components/desk_loom.js';
import { DeskStep } from '../components/desk_step.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page_title.js';
import { Spinner } from '../components/spinner.js';
import { WaitingUploads } from '../components/waiting_uploads.js';
import { UploadDesk } from '../data/upload_desk.js';
import { linksText } from '../lib/desk_text.js';
import { html } from '../lib/html.js';
import { canRead, canUpload } from '../lib/loom_connection.js';
import { href } from '../lib/router.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */

/** @param {{workspace: Workspace}} props */
export function UploadPage({ workspace }) {
	workspace.desk ??= new UploadDesk(workspace);
	const { desk, waiting, connections } = workspace;
	const missing = desk.missing.value.length;
	useEffect(() => {
		if (waiting.loaded.value && (missing > 0 || !desk.loaded.value)) desk.load();
	}, [waiting.loaded.value, missing]);
	const isReady = waiting.loaded.value && desk.loaded.value && connections.loaded.value;
	const error = waiting.error.value || desk.error.value || connections.error.value;
	const reload = () => {
		waiting.reload();
		connections.reload();
		desk.load();
	};
	return html`
		<div class="page">
			<${PageTitle} title="To upload" />
			${error && html`<${Notice}>${error} <${Button} kind="link" onClick=${reload}>Try again</${Button}></${Notice}>`}
			${!isReady && !error && html`<${Spinner} label="Loading what waits" />`}
			${isReady && html`<${Desk} workspace=${workspace} desk=${desk} />`}
		</div>`;
}

/** @param {{workspace: Workspace, desk: UploadDesk}} props */
function Desk({ workspace, desk }) {
	if (canUpload(workspace.loom)) return html`<${Uploading} workspace=${workspace} desk=${desk} />`;
	if (!desk.items.value.length && !desk.links.open.value.length) return html`<${Nothing} />`;
	return html`
		<p class="lead">These meetings are copied, and it’s your turn: upload their files to Loom, and paste the links that Loom gives you.</p>
		<div class="desk">
			<${DeskFiles} desk=${desk} />
			<div class="desk-rest">
				<${DeskLoom} desk=${desk} />
				${canRead(workspace.loomReader) ? html`<${Found} desk=${desk} />` : html`<${DeskLinks} desk=${desk}><${DeskDone} desk=${desk} /></${DeskLinks}>`}
			</div>
		</div>`;
}

/** The third step with a connection that reads: the server does it. @param {{desk: UploadDesk}} props */
function Found({ desk }) {
	const delivered = desk.delivered.value.length;
	return html`
		<${DeskStep} number=${3} title="Nothing to paste">
			<p>This server asks Loom for your new videos and finds their meetings by title and length. If it has doubts about one, it says so in the list, and you
				paste the link on the page of the meeting.</p>
			${delivered > 0 && html`<h3>${linksText(delivered, 0)}</h3>`}
			<${DeskDone} desk=${desk} />
		</${DeskStep}>`;
}

/** With a connection that uploads, only what the user wants to upload, or what may be there already, is left. @param {{workspace: Workspace, desk: UploadDesk}} props */
const Uploading = ({ workspace, desk }) => html`
	<p class="lead">This server uploads your recordings to Loom. What waits for you has its steps on the page of its meeting.</p>
	<${WaitingUploads} workspace=${workspace} id="waiting" />
	${desk.items.value.length
		? html`<section class="card desk-step" aria-label="Recordings"><${DeskFileList} desk=${desk} /></section>`
		: html`<${Nothing} />`}`;

const Nothing = () => html`
	<section class="empty">
		<h2>Nothing to upload</h2>
		<p>When a copy is ready for you to upload to Loom, it appears here.</p>
		<a class="button quiet" href=${href('/')}>Show meetings</a>
	</section>`;
