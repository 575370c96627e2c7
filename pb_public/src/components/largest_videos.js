import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { readAll } from '../data/read_all.js';
import { firstMessage } from '../lib/errors.js';
import { bytesText, countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { meetingHref } from '../lib/router.js';
import { transferState } from '../lib/transfer_state.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { ConfirmButton } from './confirm_button.js';
import { Notice } from './notice.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Recording} Recording */

const rowsPerPress = 20;
const pageSize = 200; // videos in one response

/**
 * The stored videos, largest first, each with a button that deletes it.
 * @param {{workspace: Workspace, onDelete: () => void}} props
 */
export function LargestVideos({ workspace, onDelete }) {
	const [videos, setVideos] = useState(/** @type {Recording[] | null} */ (null));
	const [shown, setShown] = useState(rowsPerPress);
	const recordings = workspace.db.collection('recordings');
	const { run, error } = useAction(async () => {
		const stored = await readAll(recordings, pageSize, { filter: 'file != ""', fields: 'id,meeting,recording_id,size' });
		setVideos(stored.sort((a, b) => b.size - a.size));
	});
	useEffect(() => {
		run();
	}, []);
	/** @param {Recording} video */
	const remove = async ({ id }) => {
		await recordings.delete(id);
		await run();
		onDelete();
	};
	return html`
		${error && html`<${Notice}>${firstMessage(error)} <${Button} kind="link" onClick=${run}>Try again</${Button}></${Notice}>`}
		${videos && html`
			<h3>${videos.length ? 'Largest videos' : 'No videos are stored here'}</h3>
			${videos.length > 0 && html`
				<ul class="videos">
					${videos.slice(0, shown).map((video) => html`<${Video} key=${video.id} workspace=${workspace} video=${video} onDelete=${() => remove(video)} />`)}
				</ul>`}
			${shown < videos.length && html`
				<p class="more">
					<${Button} kind="quiet" onClick=${() => setShown(shown + rowsPerPress)}>Show more</${Button}>
					<span class="muted">${shown} of ${countText(videos.length, 'video')}</span>
				</p>`}`}`;
}

/** @param {{workspace: Workspace, video: Recording, onDelete: () => Promise<void>}} props */
function Video({ workspace, video, onDelete }) {
	const transfer = workspace.transferOf(video.recording_id);
	const title = workspace.titleByRecording.value.get(video.recording_id)?.title || 'Untitled meeting';
	const isOnLoom = transfer?.status === 'delivered';
	const state = transferState(transfer, transfer && workspace.jobs.records.value.get(transfer.job)).label || 'Not on Loom';
	return html`
		<li>
			<div>
				<a href=${meetingHref(video.meeting)}>${title}</a>
				<p class="muted">${bytesText(video.size)} · ${state}</p>
			</div>
			<${ConfirmButton} label="Delete video" subject=${title} action=${onDelete}
				question=${`Delete this video and free ${bytesText(video.size)}? ${isOnLoom ? 'The video on Loom is kept.' : 'It is not on Loom yet. You can transfer the meeting again.'}`} />
		</li>`;
}
