import { getLabel, gotText } from '../lib/desk_text.js';
import { firstMessage } from '../lib/errors.js';
import { canChooseFolder, chooseFolder } from '../lib/folder.js';
import { countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { progressText } from '../lib/progress_text.js';
import { nowEverySecond } from '../lib/tick.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { DeskFileList } from './desk_file_list.js';
import { DeskStep } from './desk_step.js';
import { Download } from './icons.js';
import { Notice } from './notice.js';

/** @typedef {import('../data/upload_desk.js').UploadDesk} UploadDesk */
/** @typedef {import('../data/upload_desk.js').HandOver} HandOver */

/** The first step: the files are saved on the user's computer. @param {{desk: UploadDesk}} props */
export function DeskFiles({ desk }) {
	const { saving, saved } = desk;
	const intoFolder = canChooseFolder();
	const files = desk.waiting.value.filter(({ recording }) => recording);
	const left = files.filter((item) => !saved.stateOf(item));
	const isRest = left.length > 0 && left.length < files.length;
	const { run, error } = useAction(async (/** @type {HandOver[]} */ items, /** @type {FileSystemDirectoryHandle | null} */ known) => {
		if (!intoFolder) return saving.download(items);
		const folder = known ?? await chooseFolder();
		if (folder) await saving.saveIn(folder, items);
	});
	const isRunning = saving.running.value;
	const wanted = left.length ? left : files;
	const known = isRest ? saving.folder : null; // which the rest belongs into
	return html`
		<${DeskStep} number=${1} title="Get the files">
			<p class="muted">${intoFolder
				? 'They are written to a folder that you choose. What is in it already is not fetched again.'
				: 'Your browser downloads them one after another. It may ask whether this page may download several files.'}</p>
			${files.length > 0 && html`
				<div class="actions">
					<${Button} kind=${left.length ? 'primary' : 'quiet'} busy=${isRunning} onClick=${() => run(wanted, known)}>
						<${Download} />${isRunning ? (intoFolder ? 'Saving…' : 'Starting downloads…') : getLabel(wanted, { isRest, isAgain: !left.length, intoFolder })}
					</${Button}>
					${isRunning && html`<${Button} kind="quiet" onClick=${() => saving.cancel()}>Cancel</${Button}>`}
					${!isRunning && known && html`<${Button} kind="quiet" onClick=${() => run(wanted, null)}>Choose another folder</${Button}>`}
				</div>`}
			<div class="desk-status">
				${isRunning ? html`<${Overall} desk=${desk} />` : html`<p class=${left.length < files.length ? '' : 'muted'}>${files.length > 0 && gotText(files.length - left.length, files.length, intoFolder)}</p>`}
			</div>
			${saving.problem.value && html`<${Notice}>${saving.problem.value}</${Notice}>`}
			${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
			<${DeskFileList} desk=${desk} isBusy=${isRunning} onDownload=${intoFolder ? undefined : (/** @type {HandOver} */ item) => run([item], null)} />
		</${DeskStep}>`;
}

/** How far all files together are. @param {{desk: UploadDesk}} props */
function Overall({ desk: { saving } }) {
	const { files, ...bytes } = saving.total.value;
	const open = [...saving.files.value.values()].filter(({ state }) => state !== 'failed').length;
	return html`
		<div class="transfer-progress">
			<progress aria-label="All files" max="1" value=${bytes.total ? bytes.done / bytes.total : 0} />
			<p class="muted">${files - open} of ${countText(files, 'file')} · ${progressText(bytes, saving.rate(nowEverySecond()))}</p>
		</div>`;
}
