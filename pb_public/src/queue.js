// The jobs of the person signed in: asking for work and following it.
import { LiveRecords } from './live_records.js';

/** @typedef {import('./types.js').Job} Job */

const activeStatuses = ['pending', 'processing', 'failed'];
const recent = 100;

/** @param {Job | undefined} job */
export const isActive = (job) => Boolean(job && activeStatuses.includes(job.status));

/** @extends {LiveRecords<Job>} */
export class Jobs extends LiveRecords {
	#collection;

	/** @param {import('../vendor/pocketbase.js').default} client */
	constructor(client) {
		const collection = client.collection('global_queue');
		super(client, 'global_queue', async () => (await collection.getList(1, recent, { sort: '-created', skipTotal: true })).items);
		this.#collection = collection;
	}

	/**
	 * Puts a job in the queue. One that is there already is as good.
	 * @param {string} kind
	 * @param {Record<string, unknown>} [payload]
	 */
	async enqueue(kind, payload = {}) {
		try {
			this.put(await this.#collection.create({ kind, payload }));
		} catch (/** @type {any} */ error) {
			if (error?.response?.data?.payload?.code !== 'validation_duplicate_job') throw error;
			await this.reload();
		}
	}

	sync() {
		return this.enqueue('fathom.sync');
	}

	/** @param {number} recordingID */
	transfer(recordingID) {
		return this.enqueue('recording.transfer', { recording_id: recordingID });
	}

	/**
	 * Withdraws a job that nobody has begun.
	 * @param {string} id
	 */
	async withdraw(id) {
		await this.#collection.delete(id);
		this.remove(id);
	}

	/**
	 * Reads one job again, such as for its place in the queue.
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
