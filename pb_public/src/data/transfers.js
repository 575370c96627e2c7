// The transfers of the signed-in user, and how fast their bytes move.
import { addSample, rateOf } from '../lib/byte_rate.js';
import { parseDate } from '../lib/format.js';
import { transferState } from '../lib/transfer_state.js';
import { LiveRecords } from './live_records.js';

/** @typedef {import('./types.js').Transfer} Transfer */
/** @typedef {import('../lib/byte_rate.js').Sample} Sample */

/** @extends {LiveRecords<Transfer>} */
export class Transfers extends LiveRecords {
	#jobs;
	/** By transfer, while bytes move. @type {Map<string, {step: number, samples: readonly Sample[]}>} */
	#moving = new Map();

	/**
	 * @param {import('./clients.js').UserDatabase} db
	 * @param {import('./shared_streams.js').Stream} stream
	 * @param {import('./jobs.js').Jobs} jobs
	 */
	constructor(db, stream, jobs) {
		super(stream, 'transfers', () => db.collection('transfers').getFullList({ batch: 500 }));
		this.#jobs = jobs;
		this.onPut = (/** @type {Transfer} */ transfer) => this.#measure(transfer, transfer.updated);
		jobs.onPut = (job) => {
			if (job.stage !== 'uploading') return;
			const transfer = this.find((candidate) => candidate.job === job.id);
			if (transfer) this.#measure(transfer, job.updated);
		};
	}

	/** Notes how many bytes of a transfer had moved at a time of the server's clock. @param {Transfer} transfer @param {string} time */
	#measure(transfer, time) {
		const { bytes, step } = transferState(transfer, this.#jobs.records.value.get(transfer.job));
		if (!bytes) {
			this.#moving.delete(transfer.id);
			return;
		}
		const known = this.#moving.get(transfer.id);
		const samples = known?.step === step ? known.samples : [];
		const latest = { at: Number(parseDate(time)), bytes: bytes.done, seen: Date.now() };
		this.#moving.set(transfer.id, { step, samples: addSample(samples, latest) });
	}

	/**
	 * Bytes per second; 0 while that is unknown.
	 * @param {string} id of a transfer
	 * @param {number} now milliseconds since the epoch
	 */
	rateOf(id, now) {
		return rateOf(this.#moving.get(id)?.samples ?? [], now);
	}
}
