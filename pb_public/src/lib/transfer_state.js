// The state of a transfer for display, combined from the transfer and its job.
import { bytesText, percentText } from './format.js';
import { isActive } from './job_status.js';

/** @typedef {import('../data/types.js').Transfer} Transfer */
/** @typedef {import('../data/types.js').Job} Job */

/**
 * @typedef {object} TransferState
 * @property {'none'|'waiting'|'running'|'upload'|'stored'|'done'|'failed'} phase upload: the user has to upload the file;
 *   stored: the transfer has ended without going to Loom
 * @property {string} label one or two words
 * @property {string} detail a sentence, or blank
 * @property {number | null} fraction 0 to 1; null if unknown
 * @property {0|1|2|3|4} step how many of the steps are complete
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

/** Reports whether a recording has no transfer, or only a cancelled one. @param {Transfer | undefined} transfer */
export const isUntransferred = (transfer) => !transfer || transfer.status === 'cancelled';

/**
 * @param {Transfer | undefined} transfer
 * @param {Job | undefined} job the transfer's job, if known
 * @param {string} [position] the job's position in the queue, as a sentence
 * @returns {TransferState}
 */
export function transferState(transfer, job, position = '') {
	switch (transfer?.status) {
		case undefined:
		case 'cancelled':
			return isActive(job) ? waiting(job, position) : state('none', '', '', null, 0);
		case 'queued':
			// The job may be dead before the transfer is updated, or without it ever being updated.
			if (job?.status === 'dead') return failed(job.error);
			return waiting(job, position);
		case 'fetching':
			return state('running', 'Preparing', preparing(job), null, 0);
		case 'downloading':
			return downloading(transfer);
		case 'stored':
			if (endsStored(transfer)) return stored(transfer);
			return finishing;
		case 'uploading':
			return isUploaded(transfer) ? uploading(transfer, job) : finishing;
		case 'awaiting_share_url':
			return state('upload', 'Ready to upload', 'The video is ready to be uploaded to Loom.', 1, 2);
		case 'delivered':
			return state('done', 'On Loom', '', 1, 4);
		default:
			return failed(transfer?.error || job?.error);
	}
}

/**
 * @param {TransferState['phase']} phase @param {string} label @param {string} detail
 * @param {number | null} fraction @param {TransferState['step']} step
 * @returns {TransferState}
 */
const state = (phase, label, detail, fraction, step) => ({ phase, label, detail, fraction, step });

const finishing = state('running', 'Finishing', 'The video is stored. Checking whether Loom accepts it.', 1, 2);

/** @param {Transfer} transfer */
const stored = (transfer) => state('stored', 'Stored here',
	isAudio(transfer) ? 'Loom accepts only video. The audio is stored here.' : 'The video is stored here. It was not sent to Loom.', 1, 2);

/** @param {string | undefined} reason */
const failed = (reason) => state('failed', 'Failed', reason || 'The transfer did not finish. Retry it.', null, 0);

/** @param {Job | undefined} job @param {string} position */
function waiting(job, position) {
	if (job?.status === 'failed') return state('waiting', 'Retrying', job.error, null, 0);
	if (job?.status === 'processing') return state('running', 'Starting', '', null, 0);
	return state('waiting', 'Queued', [job?.error, position].filter(Boolean).join(' '), null, 0);
}

/** @param {Job | undefined} job */
function preparing(job) {
	if (job?.stage === 'fetching details') return 'Copying the summary and transcript.';
	return 'Waiting for Fathom to prepare the video. Long meetings take longer.';
}

/** @param {Transfer} transfer */
function downloading({ bytes_done: done, bytes_total: total }) {
	if (!(total > 0)) return state('running', 'Copying', `${bytesText(done)} copied`, null, 1);
	const fraction = Math.min(done / total, 1);
	return state('running', `Copying ${percentText(fraction)}`, `${bytesText(done)} of ${bytesText(total)}`, fraction, 1);
}

/** @param {Transfer} transfer @param {Job | undefined} job */
function uploading({ bytes_total: total }, job) {
	if (job && job.status !== 'processing') return state('waiting', 'Waiting for Loom', job.error, null, 2);
	if (job?.stage !== 'uploading') return state('running', 'Uploading', 'The video is stored. The upload to Loom begins.', null, 2);
	const fraction = Math.min(Math.max((job.progress - uploadStart) / (1 - uploadStart), 0), 1);
	if (fraction === 1) return state('running', 'Finishing', 'The video is uploaded. Loom is asked for its link.', null, 2);
	return state('running', `Uploading ${percentText(fraction)}`, `${bytesText(fraction * total)} of ${bytesText(total)}`, fraction, 2);
}
