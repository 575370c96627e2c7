import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { deleteRecordings } from '../data/delete_recordings.js';
import { consequenceText } from '../lib/deletion_text.js';
import { firstMessage } from '../lib/errors.js';
import { bytesText, countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { titleText } from '../lib/meeting_title.js';
import { meetingHref } from '../lib/router.js';
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
 * The meetings that use most of the storage, with buttons that delete the video of one or of several.
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
	const [chosen, setChosen] = useState(/** @type {ReadonlySet<string>} */ (new Set())); // records of videos
	/** @param {string} recording @param {boolean} wanted */
	const choose = (recording, wanted) => {
		const next = new Set(chosen);
		if (wanted) next.add(recording);
		else next.delete(recording);
		setChosen(next);
	};
	/** @param {string[]} recordings */
	const remove = async (recordings) => {
		try {
			await deleteRecordings(db, recordings);
		} finally { // also if only some could be deleted
			setChosen(new Set([...chosen].filter((recording) => !recordings.includes(recording))));
			await read(shown);
			onDelete();
		}
	};
	const selected = usages.filter(({ recording, video }) => video > 0 && chosen.has(recording));
	return html`
		${error && html`<${Notice}>${firstMessage(error)} <${Button} kind="link" onClick=${() => read(shown)}>Try again</${Button}></${Notice}>`}
		${usages.length > 0 && html`
			<h3>Largest meetings</h3>
			<ul class="videos">
				${usages.map((usage) => html`<${Row} key=${usage.meeting} workspace=${workspace} usage=${usage} isChosen=${chosen.has(usage.recording)}
					onChoose=${(/** @type {boolean} */ wanted) => choose(usage.recording, wanted)} onDelete=${() => remove([usage.recording])} />`)}
			</ul>
			${selected.length > 0 && html`<${DeleteSelected} workspace=${workspace} selected=${selected} action=${() => remove(selected.map(({ recording }) => recording))} />`}
			${usages.length < total && html`
				<p class="more">
					<${Button} kind="quiet" busy=${busy} onClick=${() => read(shown + rowsPerPress)}>Show more</${Button}>
					<span class="muted">${usages.length} of ${countText(total, 'meeting')}</span>
				</p>`}`}`;
}

/** @param {{workspace: Workspace, selected: Usage[], action: () => Promise<void>}} props */
function DeleteSelected({ workspace, selected, action }) {
	const size = bytesText(selected.reduce((sum, { video }) => sum + video, 0));
	const missing = selected.filter(({ recording_id: id }) => workspace.transferOf(id)?.status !== 'delivered').length;
	return html`
		<${ConfirmButton} label=${`Delete ${countText(selected.length, 'video')} (${size})`} confirmLabel="Delete" action=${action}
			question=${`Delete ${countText(selected.length, 'video')} and free ${size}? ${consequenceText(missing)}`} />`;
}

/** @param {{workspace: Workspace, usage: Usage, isChosen: boolean, onChoose: (wanted: boolean) => void, onDelete: () => Promise<void>}} props */
function Row({ workspace, usage, isChosen, onChoose, onDelete }) {
	const transfer = workspace.transferOf(usage.recording_id);
	const title = titleText(usage.title);
	const { label } = workspace.stateOf(usage.recording_id);
	const facts = [
		usage.video > 0 && `${bytesText(usage.video)} video`, `${bytesText(usage.text)} text`, label,
	].filter(Boolean);
	return html`
		<li>
			<input type="checkbox" aria-label=${`Select: ${title}`} checked=${isChosen} disabled=${!(usage.video > 0)}
				onChange=${(/** @type {any} */ event) => onChoose(event.currentTarget.checked)} />
			<div>
				<a dir="auto" href=${meetingHref(usage.meeting)}>${title}</a>
				<p class="muted">${facts.join(' · ')}</p>
			</div>
			${usage.video > 0 && html`
				<${ConfirmButton} label="Delete video" subject=${title} action=${onDelete} question=${questionFor(usage, transfer?.status === 'delivered')} />`}
		</li>`;
}

/** @param {Usage} usage @param {boolean} isOnLoom */
function questionFor({ video }, isOnLoom) {
	return `Delete this video and free ${bytesText(video)}? ${isOnLoom ? 'The video on Loom is kept.' : 'It is not on Loom yet. You can copy the meeting again.'}`;
}
