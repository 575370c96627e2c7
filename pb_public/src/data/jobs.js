// The jobs of the person signed in: asking for work, following it, and taking
// it back.
import { batch, computed, signal } from '../../vendor/signals.js';
import { unbatched } from '../lib/errors.js';
import { follow } from './subscribe.js';
import { LiveRecords } from './live_records.js';

/** @typedef {import('./types.js').Job} Job */
/** @typedef {import('./types.js').Overview} Overview */

const activeStatuses = ['pending', 'processing', 'failed'];
const againStatuses = ['dead', 'cancelled'];
const recent = 100;
const maxRequest = 500; // jobs in one request

/** @param {Job | undefined} job */
export const isActive = (job) => Boolean(job && activeStatuses.includes(job.status));

/** @param {any} error */
const isDuplicate = (error) => error?.response?.data?.payload?.code === 'validation_duplicate_job';

/** @extends {LiveRecords<Job>} */
export class Jobs extends LiveRecords {
	overview = signal(/** @type {Overview | null} */ (null));
	/** The recordings that are being transferred, or wait for it. */
	transferring = computed(() => new Set(
		this.all.filter((job) => job.kind === 'recording.transfer' && isActive(job)).map((job) => Number(job.payload?.recording_id)),
	));

	#client;
	#collection;
	#places = computed(() => new Map(this.overview.value?.jobs.map((job) => [job.id, job])));
	#unfollow = () => {};

	/** @param {import('../../vendor/pocketbase.js').default} client */
	constructor(client) {
		const collection = client.collection('global_queue');
		super(client, 'global_queue', async () => (await Promise.all([
			collection.getFullList({ batch: maxRequest, filter: 'finished_at = "" || status = "dead"', sort: 'created,id' }),
			collection.getList(1, recent, { filter: 'finished_at != ""', sort: '-finished_at', skipTotal: true }).then(({ items }) => items),
		])).flat());
		this.#client = client;
		this.#collection = collection;
	}

	start() {
		super.start();
		this.#unfollow = follow(this.#client, 'queue', (overview) => {
			this.overview.value = overview;
		}, () => this.#readOverview());
	}

	stop() {
		super.stop();
		this.#unfollow();
	}

	async #readOverview() {
		try {
			this.overview.value = await this.#client.send('/api/queue', {});
		} catch {
			// what the jobs say of themselves will do until the next message
		}
	}

	get all() {
		return [...this.records.value.values()];
	}

	/**
	 * Where a job is in the queue, as last heard.
	 * @param {Job} job
	 * @returns {import('./types.js').Place}
	 */
	placeOf(job) {
		return this.#places.value.get(job.id) ?? job;
	}

	/** @param {string} kind */
	isPaused(kind) {
		return Boolean(this.overview.value?.paused.some((paused) => paused === kind || paused === '*'));
	}

	/**
	 * Puts a job in the queue. One that is there already is as good.
	 * @param {string} kind
	 * @param {Record<string, unknown>} [payload]
	 */
	async enqueue(kind, payload = {}) {
		try {
			this.put(await this.#collection.create({ kind, payload }));
		} catch (error) {
			if (!isDuplicate(error)) throw error;
			await this.reload();
		}
	}

	sync() {
		return this.enqueue('fathom.sync');
	}

	/**
	 * Transfers a recording. A job that has not managed to do so is given another try.
	 * @param {number} recordingID
	 */
	transfer(recordingID) {
		const earlier = this.find((job) => job.kind === 'recording.transfer' && job.payload?.recording_id === recordingID
			&& againStatuses.includes(job.status));
		return earlier ? this.retry(earlier.id) : this.enqueue('recording.transfer', { recording_id: recordingID });
	}

	/** @param {number[]} recordingIDs */
	async transferMany(recordingIDs) {
		for (let at = 0; at < recordingIDs.length; at += maxRequest) {
			const some = recordingIDs.slice(at, at + maxRequest);
			try {
				await this.#transferSome(some);
			} catch (error) {
				if (!isDuplicate(error)) throw error;
				await this.reload();
				await this.#transferSome(some);
			}
		}
	}

	/** All or none, but for those under way. @param {number[]} recordingIDs */
	async #transferSome(recordingIDs) {
		const wanted = recordingIDs.filter((id) => !this.transferring.value.has(id));
		if (!wanted.length) return;
		const requests = this.#client.createBatch();
		for (const id of wanted) requests.collection('global_queue').create({ kind: 'recording.transfer', payload: { recording_id: id } });
		const answers = await requests.send().catch((error) => {
			throw unbatched(error);
		});
		batch(() => answers.forEach(({ body }) => this.put(body)));
	}

	/** @param {string} id */
	async cancel(id) {
		this.put(await this.#collection.update(id, { status: 'cancelled' }));
	}

	/** @param {string} id */
	async retry(id) {
		this.put(await this.#collection.update(id, { status: 'pending' }));
	}

	/** Cancels all active jobs, or those of one kind. @param {string} [kind] */
	cancelAll(kind) {
		return this.#changeAll('cancel', kind);
	}

	/** Tries all dead jobs again, or those of one kind. @param {string} [kind] */
	retryAll(kind) {
		return this.#changeAll('retry', kind);
	}

	/**
	 * @param {'cancel' | 'retry'} change
	 * @param {string} [kind]
	 * @returns {Promise<{changed: number, skipped: number}>}
	 */
	async #changeAll(change, kind) {
		const answer = await this.#client.send(`/api/queue/${change}`, { method: 'POST', body: { kind } });
		await this.reload();
		return answer;
	}

	/**
	 * Reads one job again.
	 * @param {string} id
	 */
	async refresh(id) {
		this.put(await this.#collection.getOne(id));
	}

	/** The last sync asked for. */
	get lastSync() {
		/** @type {Job | undefined} */
		let last;
		for (const job of this.records.value.values()) {
			if (job.kind === 'fathom.sync' && (!last || job.created > last.created)) last = job;
		}
		return last;
	}
}
