import { useEffect, useState } from '../../vendor/preact-hooks.js';
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

/**
 * What a meeting uses, in bytes; recording is the id of its stored file's record.
 * @typedef {{meeting: string, recording: string, recording_id: number, title: string, video: number, text: number}} Usage
 */
/** @typedef {{totalItems: number, items: Usage[]}} Page */

const rowsAtFirst = 10;
const rowsPerPress = 40;
const rowsPerPage = 50; // as on the server

/**
 * The meetings that use most of the storage, each with a button that deletes its video.
 * @param {{workspace: Workspace, onDelete: () => void}} props
 */
export function StorageByMeeting({ workspace, onDelete }) {
	const { db } = workspace;
	const [usages, setUsages] = useState(/** @type {Usage[]} */ ([]));
	const [total, setTotal] = useState(0);
	const [shown, setShown] = useState(rowsAtFirst);
	// A deletion moves the meetings between the pages, so that all of them are read again.
	const { run: read, busy, error } = useAction(async (rows = rowsAtFirst) => {
		/** @type {Page[]} */
		const pages = [];
		for (let page = 1; (page - 1) * rowsPerPage < rows; page++) pages.push(await db.send('/api/usage/meetings', { query: { page } }));
		setUsages(pages.flatMap(({ items }) => items).slice(0, rows));
		setTotal(pages[0].totalItems);
		setShown(rows);
	});
	useEffect(() => {
		read();
	}, []);
	/** @param {string} recording */
	const remove = async (recording) => {
		await db.collection('recordings').delete(recording);
		await read(shown);
		onDelete();
	};
	return html`
		${error && html`<${Notice}>${firstMessage(error)} <${Button} kind="link" onClick=${() => read(shown)}>Try again</${Button}></${Notice}>`}
		${usages.length > 0 && html`
			<h3>Largest meetings</h3>
			<ul class="videos">
				${usages.map((usage) => html`<${Row} key=${usage.meeting} workspace=${workspace} usage=${usage} onDelete=${() => remove(usage.recording)} />`)}
			</ul>
			${usages.length < total && html`
				<p class="more">
					<${Button} kind="quiet" busy=${busy} onClick=${() => read(shown + rowsPerPress)}>Show more</${Button}>
					<span class="muted">${usages.length} of ${countText(total, 'meeting')}</span>
				</p>`}`}`;
}

/** @param {{workspace: Workspace, usage: Usage, onDelete: () => Promise<void>}} props */
function Row({ workspace, usage, onDelete }) {
	const transfer = workspace.transferOf(usage.recording_id);
	const title = usage.title || 'Untitled meeting';
	const { label } = transferState(transfer, transfer && workspace.jobs.records.value.get(transfer.job));
	const facts = [
		usage.video > 0 && `${bytesText(usage.video)} video`, `${bytesText(usage.text)} text`, label || 'Not on Loom',
	].filter(Boolean);
	return html`
		<li>
			<div>
				<a href=${meetingHref(usage.meeting)}>${title}</a>
				<p class="muted">${facts.join(' · ')}</p>
			</div>
			${usage.video > 0 && html`
				<${ConfirmButton} label="Delete video" subject=${title} action=${onDelete} question=${questionFor(usage, transfer?.status === 'delivered')} />`}
		</li>`;
}

/** @param {Usage} usage @param {boolean} isOnLoom */
function questionFor({ video }, isOnLoom) {
	return `Delete this video and free ${bytesText(video)}? ${isOnLoom ? 'The video on Loom is kept.' : 'It is not on Loom yet. You can transfer the meeting again.'}`;
}
