// The jobs of the signed-in user, and their positions in the queue.
import { computed, signal } from '../../vendor/signals.js';
import { isActive, isRetryable } from '../lib/job_status.js';
import { LiveRecords } from './live_records.js';
import { subscribe } from './subscribe.js';

/** @typedef {import('./types.js').Job} Job */
/** @typedef {import('./types.js').Overview} Overview */

const endedShown = 100; // of the jobs that ended without failing
const maxRequest = 500; // jobs in one request

/** @extends {LiveRecords<Job>} */
export class Jobs extends LiveRecords {
	overview = signal(/** @type {Overview | null} */ (null));
	/** The recordings with an active transfer job. */
	transferring = computed(() => new Set(
		this.all.filter((job) => job.kind === 'recording.transfer' && isActive(job)).map((job) => Number(job.payload?.recording_id)),
	));

	#client;
	#stream;
	#collection;
	#positions = computed(() => new Map(this.overview.value?.jobs.map((job) => [job.id, job])));
	#unsubscribeOverview = () => {};

	/**
	 * @param {import('../../vendor/pocketbase.js').default} client
	 * @param {import('./shared_streams.js').Stream} stream
	 */
	constructor(client, stream) {
		const collection = client.collection('global_queue');
		super(stream, 'global_queue', async () => (await Promise.all([
			collection.getFullList({ batch: maxRequest, filter: 'finished_at = "" || status = "dead"', sort: 'created,id' }),
			collection.getList(1, endedShown, { filter: 'finished_at != ""', sort: '-finished_at', skipTotal: true }).then(({ items }) => items),
			// The last sync may have ended before many transfers did.
			collection.getList(1, 1, { filter: 'kind = "fathom.sync"', sort: '-created', skipTotal: true }).then(({ items }) => items),
		])).flat());
		this.#client = client;
		this.#stream = stream;
		this.#collection = collection;
	}

	start() {
		super.start();
		this.#unsubscribeOverview = subscribe(this.#stream, 'queue', (overview) => {
			this.overview.value = overview;
		}, () => this.#loadOverview());
	}

	stop() {
		super.stop();
		this.#unsubscribeOverview();
	}

	async #loadOverview() {
		try {
			this.overview.value = await this.#client.send('/api/queue', {});
		} catch {
			// Until the next message, the jobs' own positions are shown.
		}
	}

	get all() {
		return [...this.records.value.values()];
	}

	/**
	 * The latest known position of a job in the queue.
	 * @param {Job} job
	 * @returns {import('./types.js').QueuePosition}
	 */
	queuePositionOf(job) {
		return this.#positions.value.get(job.id) ?? job;
	}

	/** Reports whether this user's jobs of a kind are paused; * is the whole queue. @param {string} kind */
	isPaused(kind) {
		return Boolean(this.overview.value?.paused.some((paused) => paused === kind || paused === '*'));
	}

	/** Why the server has paused this user's jobs of a kind; blank if only the operator has. @param {string} kind */
	pauseReason(kind) {
		return this.overview.value?.pauses.find(({ kinds, source }) => source !== 'operator' && (kinds.includes(kind) || kinds.includes('*')))?.reason ?? '';
	}

	/**
	 * Creates a job. If an active one does the same, the server returns that one.
	 * @param {string} kind
	 * @param {Record<string, unknown>} [payload]
	 */
	async enqueue(kind, payload = {}) {
		this.put(await this.#collection.create({ kind, payload }));
	}

	/** Reads the new meetings from Fathom, or all of them. @param {{full?: boolean}} [options] */
	sync({ full = false } = {}) {
		return this.enqueue('fathom.sync', full ? { full } : {});
	}

	/** Asks Fathom again for the texts of a recording. @param {number} recordingID */
	requestParts(recordingID) {
		return this.enqueue('fathom.parts', { recording_id: recordingID });
	}

	/**
	 * Transfers a recording. An earlier job that did the same and failed or was cancelled is retried.
	 * @param {number} recordingID
	 * @param {import('./types.js').TransferChoice & {again?: boolean}} [choice] again: fetch the file even if it is stored
	 */
	transfer(recordingID, { again = false, deliver = true, byHand = false, visibility, folder } = {}) {
		const payload = {
			recording_id: recordingID, ...(again && { again }), ...(!deliver && { deliver }), ...(byHand && { by_hand: true }),
			...(visibility && { visibility }), ...(folder && { folder }),
		};
		const earlier = this.find((job) => job.kind === 'recording.transfer' && isRetryable(job) && doesSame(job.payload, payload));
		return earlier ? this.retry(earlier.id) : this.enqueue('recording.transfer', payload);
	}

	/** @param {string} id */
	async cancel(id) {
		this.put(await this.#collection.update(id, { status: 'cancelled' }));
	}

	/** @param {string} id */
	async retry(id) {
		this.put(await this.#collection.update(id, { status: 'pending' }));
	}

	/** Cancels all active jobs. */
	cancelAll() {
		return this.#changeAll('cancel');
	}

	/** Retries all dead jobs. */
	retryAll() {
		return this.#changeAll('retry');
	}

	/**
	 * @param {'cancel' | 'retry'} change
	 * @returns {Promise<{changed: number, skipped: number}>}
	 */
	async #changeAll(change) {
		const response = await this.#client.send(`/api/queue/${change}`, { method: 'POST', body: {} });
		await this.reload();
		return response;
	}

	/** Loads one job again. @param {string} id */
	async refresh(id) {
		this.put(await this.#collection.getOne(id));
	}

	/** The most recent sync. */
	get lastSync() {
		/** @type {Job | undefined} */
		let last;
		for (const job of this.records.value.values()) {
			if (job.kind === 'fathom.sync' && (!last || job.created > last.created)) last = job;
		}
		return last;
	}
}

/** Reports whether the payloads of two transfer jobs ask for the same. @param {Job['payload']} a @param {Job['payload']} b */
function doesSame(a, b) {
	const [first, second] = [a, b].map((payload) => JSON.stringify([
		Number(payload?.recording_id), Boolean(payload?.again), payload?.deliver !== false, Boolean(payload?.by_hand), payload?.visibility || '', payload?.folder || '',
	]));
	return first === second;
}
