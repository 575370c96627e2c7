// The transfers that are or were shown, those that change, and how fast their bytes move.
import { computed, signal } from '../../vendor/signals.js';
import { addSample, rateOf } from '../lib/byte_rate.js';
import { parseDate } from '../lib/format.js';
import { transferState } from '../lib/transfer_state.js';
import { LiveRecords } from './live_records.js';

/** @typedef {import('./types.js').Transfer} Transfer */
/** @typedef {import('../lib/byte_rate.js').Sample} Sample */

const maxAsked = 50; // recordings in a filter, which can have 2,000 characters

/** What the server leaves out of a transfer in the library because it is blank. */
const blank = {
	job: '', bytes_done: 0, bytes_total: 0, attempts: 0, file_name: '', share_url: '', error: '', deliver: false, uploader: '', handover: '',
};

/** @extends {LiveRecords<Transfer>} */
export class Transfers extends LiveRecords {
	byRecording = computed(() => new Map([...this.records.value.values()].map((transfer) => [transfer.recording_id, transfer])));

	/** Is called when a transfer has another status. */
	onStatus = () => {};
	/** Whether the library reads the transfer of a recording again after an interruption. @type {(recordingID: number) => boolean} */
	isListed = () => false;

	#jobs;
	#collection;
	/** The recordings whose transfers were read with all fields, or don't exist. */
	#whole = signal(/** @type {ReadonlySet<number>} */ (new Set()));
	/** By transfer, while bytes move. @type {Map<string, {step: number, samples: readonly Sample[]}>} */
	#moving = new Map();

	/**
	 * @param {import('./clients.js').UserDatabase} db
	 * @param {import('./shared_streams.js').Stream} stream
	 * @param {import('./jobs.js').Jobs} jobs
	 */
	constructor(db, stream, jobs) {
		super(stream, 'transfers', () => this.#readKnown());
		this.#collection = db.collection('transfers');
		this.#jobs = jobs;
		this.onChange = (/** @type {Transfer | undefined} */ transfer, /** @type {Transfer | undefined} */ before) => {
			if (transfer) this.#measure(transfer, transfer.updated);
			if (transfer?.status !== before?.status) this.onStatus();
		};
		jobs.onChange = (job) => {
			if (job?.stage !== 'uploading') return;
			const transfer = this.find((candidate) => candidate.job === job.id);
			if (transfer) this.#measure(transfer, job.updated);
		};
	}

	/** Takes notice of the transfers in a part of the library. @param {import('./types.js').LibraryItem[]} items */
	add(items) {
		const known = this.records.peek();
		this.putAll(items.flatMap(({ transfer }) => (transfer ? [/** @type {Transfer} */ ({ ...known.get(transfer.id), ...blank, ...transfer })] : [])));
	}

	/** Whether all fields of a recording's transfer are known, or that it has none. @param {number} recordingID */
	isWhole(recordingID) {
		return this.#whole.value.has(recordingID);
	}

	/** Reads all fields of a recording's transfer. @param {number} recordingID */
	async loadWhole(recordingID) {
		const { items } = await this.#collection.getList(1, 1, { filter: `recording_id = ${Number(recordingID)}`, skipTotal: true });
		this.putAll(/** @type {any[]} */ (items), true);
		this.#whole.value = new Set(this.#whole.value).add(recordingID);
	}

	/** Reads what is known again, after an interruption. @returns {Promise<Transfer[]>} */
	async #readKnown() {
		const known = [...this.records.peek().values()];
		/** @type {Map<string, any>} */
		const read = new Map(known.filter(({ recording_id: id }) => this.isListed(id)).map((transfer) => [transfer.id, transfer]));
		const others = known.filter(({ id }) => !read.has(id)).map(({ recording_id: id }) => id);
		for (let from = 0; from < others.length; from += maxAsked) {
			const filter = others.slice(from, from + maxAsked).map((id) => `recording_id = ${id}`).join(' || ');
			for (const transfer of await this.#collection.getFullList({ filter })) read.set(transfer.id, transfer);
		}
		return [...read.values()];
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
