// What a transfer and its job say together, in words and as a number.
import { bytesText, percentText } from './format.js';
import { isActive } from '../data/jobs.js';

/** @typedef {import('../data/types.js').Transfer} Transfer */
/** @typedef {import('../data/types.js').Job} Job */

/**
 * @typedef {object} TransferState
 * @property {'none'|'waiting'|'moving'|'yours'|'done'|'failed'} phase yours: the next step is the owner's
 * @property {string} label a word or two
 * @property {string} detail a sentence, may be blank
 * @property {number | null} fraction 0 to 1; null when unknown
 * @property {0|1|2|3|4} step how many of the four steps are done
 */

/** The steps as people see them. */
export const steps = ['Prepare', 'Copy video', 'Upload to Loom', 'Done'];

/**
 * @param {Transfer | undefined} transfer
 * @param {Job | undefined} job the transfer's job, where known
 * @param {string} [place] where it is in the queue, as a sentence
 * @returns {TransferState}
 */
export function transferState(transfer, job, place = '') {
	switch (transfer?.status) {
		case undefined:
		case 'cancelled':
			return isActive(job) ? waiting(job, place) : state('none', '', '', null, 0);
		case 'queued':
			if (job?.status === 'dead') return failed(job.error); // the transfer may learn of it later, or never
			return waiting(job, place);
		case 'fetching':
			return state('moving', 'Preparing', preparing(job), null, 0);
		case 'downloading':
			return downloading(transfer);
		case 'stored':
		case 'uploading':
			return state('moving', 'Finishing', 'The video is here. Checking that Loom will take it.', 1, 2);
		case 'awaiting_share_url':
			return state('yours', 'Your turn', 'The video is ready for Loom.', 1, 2);
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

/** @param {string | undefined} reason */
const failed = (reason) => state('failed', 'Failed', reason || 'The transfer did not finish.', null, 0);

/** @param {Job | undefined} job @param {string} place */
function waiting(job, place) {
	if (job?.status === 'failed') return state('waiting', 'Trying again', job.error, null, 0);
	if (job?.status === 'processing') return state('moving', 'Starting', '', null, 0);
	return state('waiting', 'In the queue', [job?.error, place].filter(Boolean).join(' '), null, 0);
}

/** @param {Job | undefined} job */
function preparing(job) {
	if (job?.stage === 'fetching details') return 'Reading the summary and the transcript.';
	return 'Fathom is preparing the video. A long meeting may take some minutes.';
}

/** @param {Transfer} transfer */
function downloading({ bytes_done: done, bytes_total: total }) {
	if (!(total > 0)) return state('moving', 'Copying', `${bytesText(done)} so far`, null, 1);
	const fraction = Math.min(done / total, 1);
	return state('moving', `Copying ${percentText(fraction)}`, `${bytesText(done)} of ${bytesText(total)}`, fraction, 1);
}
