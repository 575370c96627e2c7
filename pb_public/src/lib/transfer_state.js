// The state of a transfer, combined from the transfer and its job: the only place that decides its word, color, icon and
// percentage.
import { percentText } from './format.js';
import { isActive } from './job_status.js';
import { preparingText } from './wait_text.js';

/** @typedef {import('../data/types.js').Transfer} Transfer */
/** @typedef {import('../data/types.js').Job} Job */
/** @typedef {'plain'|'waiting'|'moving'|'turn'|'kept'|'good'|'bad'} Tone a color, as the class of a badge */
/** @typedef {'cloud'|'clock'|'copy'|'upload'|'box'|'check'|'alert'|'cross'} StateIcon */
/** @typedef {{word: string, label: string, tone: Tone, icon: StateIcon}} ShownState what a badge shows; label is the word with its percentage */

/**
 * @typedef {ShownState & {
 *   phase: 'none'|'waiting'|'running'|'upload'|'stored'|'done'|'failed', detail: string, fraction: number | null,
 *   bytes: {done: number, total: number} | null, step: 0|1|2|3|4,
 * }} TransferState
 * phase: upload means that the user has to upload the file; stored that the transfer has ended without going to Loom.
 * detail is a sentence, or blank. fraction is from 0 to 1, null if unknown. bytes are those that move, total is 0 if
 * unknown. step is how many of the steps are complete.
 */

/** The steps as users see them. */
export const steps = ['Prepare', 'Copy video', 'Upload to Loom', 'Done'];

const storingSteps = ['Prepare', 'Copy video', 'Done'];

/** Reports whether a transfer job is to deliver the file to Loom. @param {Job | undefined} job */
export const goesToLoom = (job) => job?.payload?.deliver !== false;

/** What was chosen for a transfer job. @param {Job | undefined} job @returns {import('../data/types.js').TransferChoice} */
export function choiceOf(job) {
	const { by_hand: byHand, visibility, folder } = job?.payload ?? {};
	return { deliver: goesToLoom(job), byHand: Boolean(byHand), ...(visibility && { visibility }), ...(folder && { folder }) };
}

/** The steps of a transfer and its job, if that is known. @param {Transfer | undefined} transfer @param {Job | undefined} job */
export const stepsOf = (transfer, job) => (transfer?.status === 'delivered' || goesToLoom(job) ? steps : storingSteps);

/** The progress of a transfer job at which the upload to Loom begins, as on the server. */
const uploadStart = 0.95;

const runningStatuses = ['queued', 'fetching', 'downloading', 'stored', 'uploading'];

/** Reports whether the server is still working on a transfer. @param {Transfer | undefined} transfer */
export const isRunning = (transfer) => Boolean(transfer && runningStatuses.includes(transfer.status) && !endsStored(transfer));

/** Reports whether a transfer has ended with the file stored here. @param {Transfer} transfer */
const endsStored = ({ status, deliver }) => status === 'stored' && !deliver;

/** Reports whether a transfer or recording has no video. @param {{file_name: string}} file */
export const isAudio = ({ file_name: name }) => /\.(m4a|mp3)$/i.test(name);

/** Reports whether the server uploads the file of a transfer to Loom, or has done so. @param {Transfer} transfer */
export const isUploaded = ({ uploader }) => uploader === 'atlassian';

/**
 * Reports whether repeating a failed job as it is can't help, because the server gave up before the last attempt.
 * @param {Job | undefined} job
 */
export const isHopeless = (job) => job?.status === 'dead' && !/ Gave up after /.test(job.error);

/**
 * @param {Transfer | undefined} transfer
 * @param {Job | undefined} job the transfer's job, if known
 * @param {string} [reason] why the job waits, in sentences
 * @returns {TransferState}
 */
export function transferState(transfer, job, reason = '') {
	switch (transfer?.status) {
		case undefined:
		case 'cancelled':
			return isActive(job) ? queued(job, reason) : state('none', {});
		case 'queued':
			// The job may be dead before the transfer is updated, or without it ever being updated.
			if (job?.status === 'dead') return failed(job.error);
			return queued(job, reason);
		case 'fetching':
			return isWaiting(job) && !reason.startsWith(preparingText) ? queued(job, reason) : state('running', { detail: preparing(job, reason) });
		case 'downloading':
			return downloading(transfer, job, reason);
		case 'stored':
			if (endsStored(transfer)) return stored(transfer);
			return finishing;
		case 'uploading':
			return isUploaded(transfer) ? uploading(transfer, job, reason) : finishing;
		case 'awaiting_share_url':
			return state('upload', { detail: 'The video is copied. Upload it to Loom.', fraction: 1, step: 2 });
		case 'delivered':
			return state('done', { fraction: 1, step: 4 });
		default:
			return failed(transfer?.error || job?.error);
	}
}

/** Whether a request to copy several meetings copies those in a phase. @param {TransferState['phase']} phase */
export const isToCopy = (phase) => phase === 'none' || phase === 'failed';

/** @type {Record<TransferState['phase'], ShownState>} */
const words = {
	none: shown('At Fathom', 'plain', 'cloud'),
	waiting: shown('Waiting', 'waiting', 'clock'),
	running: shown('Copying', 'moving', 'copy'),
	upload: shown('Your turn', 'turn', 'upload'),
	stored: shown('Kept here', 'kept', 'box'),
	done: shown('On Loom', 'good', 'check'),
	failed: shown('Problem', 'bad', 'alert'),
};

/** @param {string} word @param {Tone} tone @param {StateIcon} icon @returns {ShownState} */
export function shown(word, tone, icon) {
	return { word, label: word, tone, icon };
}

/** @param {TransferState['phase']} phase @param {Partial<TransferState>} fields @returns {TransferState} */
function state(phase, fields) {
	const { fraction = null, word = words[phase].word } = fields;
	const label = phase === 'running' && fraction !== null ? `${word} ${percentText(fraction)}` : word;
	return { ...words[phase], phase, detail: '', bytes: null, step: 0, ...fields, fraction, word, label };
}

const finishing = state('running', { detail: 'The video is copied. Checking whether Loom accepts it.', fraction: 1, step: 2 });

/** @param {Transfer} transfer */
const stored = (transfer) => state('stored', {
	detail: isAudio(transfer) ? 'Loom accepts only video. The audio is kept here.' : 'The video is kept here. It was not sent to Loom.', fraction: 1, step: 2,
});

/** @param {string | undefined} reason */
const failed = (reason) => state('failed', { detail: reason || 'The copy did not finish. Try again.' });

/** @param {Job | undefined} job */
const isWaiting = (job) => job?.status === 'pending' || job?.status === 'failed';

/** A transfer whose job has not begun. @param {Job | undefined} job @param {string} reason */
function queued(job, reason) {
	if (job?.status === 'processing') return state('running', { detail: 'Starting.' });
	return state('waiting', { detail: reason });
}

/** @param {Job | undefined} job @param {string} reason */
function preparing(job, reason) {
	if (job?.stage === 'fetching details') return 'Copying the summary and transcript.';
	return isWaiting(job) ? reason : `${preparingText} Long meetings take longer.`;
}

/** @param {Transfer} transfer @param {Job | undefined} job @param {string} reason */
function downloading({ bytes_done: done, bytes_total: total }, job, reason) {
	const fraction = total > 0 ? Math.min(done / total, 1) : null;
	return state(isWaiting(job) ? 'waiting' : 'running', { fraction, bytes: { done, total }, step: 1, detail: isWaiting(job) ? reason : '' });
}

/** @param {Transfer} transfer @param {Job | undefined} job @param {string} reason */
function uploading({ bytes_total: total }, job, reason) {
	if (isWaiting(job)) return state('waiting', { detail: reason, step: 2 });
	/** @type {Partial<TransferState>} */
	const upload = { word: 'Uploading', icon: 'upload', step: 2 };
	if (job?.stage !== 'uploading') return state('running', { ...upload, detail: 'The video is copied. The upload to Loom begins.' });
	const fraction = Math.min(Math.max((job.progress - uploadStart) / (1 - uploadStart), 0), 1);
	if (fraction === 1) return state('running', { ...upload, fraction, detail: 'The video is uploaded. Loom is asked for its link.' });
	return state('running', { ...upload, fraction, bytes: { done: Math.round(fraction * total), total } });
}
