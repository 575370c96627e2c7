import { useState } from '../../vendor/preact-hooks.js';
import { bytesText, countText, lengthText, percentText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { meetingHref } from '../lib/router.js';
import { transferState } from '../lib/transfer_state.js';
import { Button } from './button.js';
import { Check, Download } from './icons.js';
import { StateBadge } from './state_badge.js';

/** @typedef {import('../data/upload_desk.js').UploadDesk} UploadDesk */
/** @typedef {import('../data/upload_desk.js').HandOver} HandOver */

const rowsAtFirst = 25;

/** Only what is finished has a tick. */
const ticks = { saved: Check, started: Download };

const onLoom = transferState(/** @type {any} */ ({ status: 'delivered' }), undefined);

/**
 * The names of the files, with what has become of each.
 * @param {{desk: UploadDesk, isBusy?: boolean, onDownload?: (item: HandOver) => void}} props onDownload gets one of them, in browsers
 *   that can't save several, unless isBusy
 */
export function DeskFileList({ desk, isBusy = false, onDownload }) {
	const [isLong, setLong] = useState(false);
	const items = desk.items.value;
	const shown = isLong ? items : items.slice(0, rowsAtFirst);
	return html`
		<ul class="desk-files">
			${shown.map((item) => html`<${Row} key=${item.id} desk=${desk} item=${item} isBusy=${isBusy} onDownload=${onDownload} />`)}
		</ul>
		${shown.length < items.length && html`<${Button} kind="quiet" onClick=${() => setLong(true)}>Show all ${countText(items.length, 'file')}</${Button}>`}`;
}

/** @param {{desk: UploadDesk, item: HandOver, isBusy: boolean, onDownload?: (item: HandOver) => void}} props */
function Row({ desk, item, isBusy, onDownload }) {
	const state = desk.saved.stateOf(item);
	const progress = desk.saving.files.value.get(item.id);
	return html`
		<li class="desk-file">
			<span class=${`desk-tick ${state}`} aria-hidden="true">${state && html`<${ticks[state]} />`}</span>
			<div class="desk-name">
				<a dir="auto" href=${meetingHref(item.meeting)}>${item.title}</a>
				<p class="file-name" dir="auto">${item.fileName}</p>
				${item.note && html`<p class="muted">${item.note}</p>`}
				${progress?.error && html`<p class="error">${progress.error}</p>`}
			</div>
			<div class="desk-side">
				<p class="muted">${[lengthText(item.duration), bytesText(item.size)].filter(Boolean).join(' · ')}</p>
				<${Status} item=${item} state=${state} progress=${progress} isBusy=${isBusy} onDownload=${onDownload} />
			</div>
		</li>`;
}

/**
 * @param {{item: HandOver, state: import('../data/saved_files.js').Saved | '', progress: import('../data/file_saving.js').FileProgress | undefined,
 *   isBusy: boolean, onDownload?: (item: HandOver) => void}} props
 */
function Status({ item, state, progress, isBusy, onDownload }) {
	if (item.isDelivered) return html`<${StateBadge} state=${onLoom} />`;
	if (!item.recording) return html`<p class="muted">The copy here was deleted</p>`;
	switch (progress?.state) {
		case 'waiting': return html`<p class="muted">Waiting</p>`;
		case 'saving': {
			const fraction = item.size ? progress.bytes / item.size : 0;
			return html`<progress aria-label=${`Saving ${item.fileName}`} max="1" value=${fraction} /><p class="muted">${percentText(fraction)}</p>`;
		}
		default: {
			const words = progress ? 'Not saved' : { saved: 'Saved', started: 'Download started', '': '' }[state];
			return html`
				${words && html`<p class=${`desk-word ${progress ? 'error' : ''}`}>${words}</p>`}
				${onDownload && html`<${Button} kind="link" busy=${isBusy} aria-label=${`${state ? 'Download again' : 'Download'}: ${item.title}`} onClick=${() => onDownload(item)}>${state ? 'Download again' : 'Download'}</${Button}>`}`;
		}
	}
}
