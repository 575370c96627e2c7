// The jobs of the signed-in user, and their positions in the queue.
import { computed, signal } from '../../vendor/signals.js';
import { groupFilter, sortedJobs } from '../lib/activity_filter.js';
import { isActive, isRetryable } from '../lib/job_status.js';
import { LiveRecords } from './live_records.js';
import { readAll } from './read_all.js';
import { RepeatedRead } from './repeated_read.js';
import { subscribe } from './subscribe.js';

/** @typedef {import('./types.js').Job} Job */
/** @typedef {import('./types.js').Overview} Overview */
/** @typedef {import('./types.js').QueuePlace} QueuePlace */
/** @typedef {import('../lib/activity_filter.js').JobGroup} JobGroup */

const endedShown = 100; // of the jobs that ended without failing
const maxRequest = 500; // jobs in one request
const latestFirst = '-finished_at,id'; // many jobs end at once when all are cancelled

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
	#places = computed(() => placesIn(this.overview.value, this.records.value));
	#unsubscribeOverview = () => {};
	#overviewReads = new RepeatedRead(() => this.#readOverview());

	/**
	 * @param {import('../../vendor/pocketbase.js').default} client
	 * @param {import('./shared_streams.js').Stream} stream
	 */
	constructor(client, stream) {
		const collection = client.collection('global_queue');
		super(stream, 'global_queue', async () => (await Promise.all([
			readAll(collection, maxRequest, { filter: 'finished_at = "" || status = "dead"', sort: 'created,id' }), // jobs end meanwhile
			collection.getList(1, endedShown, { filter: 'finished_at != ""', sort: latestFirst, skipTotal: true }).then(({ items }) => items),
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
		}, () => this.#overviewReads.run());
	}

	stop() {
		super.stop();
		this.#unsubscribeOverview();
		this.#overviewReads.stop();
	}

	async #readOverview() {
		const known = this.overview.value;
		const overview = await this.#client.send('/api/queue', {});
		if (this.overview.value === known) this.overview.value = overview; // otherwise a message has brought a newer one
	}

	get all() {
		return [...this.records.value.values()];
	}

	/** The latest known place of a job in the queue. @param {Job} job @returns {QueuePlace} */
	placeOf(job) {
		return this.#places.value.get(job.id) ?? nowhere;
	}

	/** What keeps jobs of a kind that have never run from starting. @param {string} kind */
	holdOf(kind) {
		return this.overview.value?.holds.find((hold) => hold.kind === kind);
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

	/** Cancels the active transfer of a recording. @param {number} recordingID */
	async cancelTransfer(recordingID) {
		const job = this.find((candidate) => candidate.kind === 'recording.transfer' && isActive(candidate) && Number(candidate.payload?.recording_id) === recordingID);
		if (!job) throw new Error('This copy has ended already');
		await this.cancel(job.id);
	}

	/** Cancels all active jobs. */
	cancelAll() {
		return this.#changeAll('cancel');
	}

	/** Retries dead jobs. @param {readonly Job[]} jobs */
	async retryAll(jobs) {
		const total = { changed: 0, skipped: 0 };
		for (let at = 0; at < jobs.length; at += maxRequest) {
			const { changed, skipped } = await this.#changeAll('retry', jobs.slice(at, at + maxRequest).map(({ id }) => id));
			total.changed += changed;
			total.skipped += skipped;
		}
		return total;
	}

	/** Whether there may be jobs that ended before those that are known. */
	get mayHaveOlder() {
		return this.all.filter((job) => job.finished_at).length >= endedShown;
	}

	/** Loads jobs of a group that ended before those that are known; resolves to whether there may be more. @param {JobGroup} group */
	async loadOlder(group) {
		const known = sortedJobs(this.all, group).ended.filter((job) => job !== this.lastSync); // there may be a gap before that one
		const last = known.at(-1);
		const before = last ? this.#client.filter('(finished_at < {:at} || (finished_at = {:at} && id > {:id}))', { at: last.finished_at, id: last.id }) : '';
		const filter = ['finished_at != ""', 'status != "dead"', groupFilter(group), before].filter(Boolean).join(' && ');
		const { items } = await this.#collection.getList(1, endedShown, { filter, sort: latestFirst, skipTotal: true });
		this.putAll(/** @type {any[]} */ (items));
		return items.length === endedShown;
	}

	/**
	 * @param {'cancel' | 'retry'} change
	 * @param {string[]} [ids] blank for all jobs that can be changed so
	 * @returns {Promise<{changed: number, skipped: number}>}
	 */
	async #changeAll(change, ids) {
		const response = await this.#client.send(`/api/queue/${change}`, { method: 'POST', body: { ids } });
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

/** @type {QueuePlace} */
const nowhere = { position: 0, ahead: 0 };

/**
 * The places of the jobs in an overview, by their ids.
 * @param {Overview | null} overview
 * @param {ReadonlyMap<string, {kind: string}>} jobs
 */
export function placesIn(overview, jobs) {
	/** @type {Map<string, QueuePlace>} */
	const places = new Map();
	/** @type {Map<string, number>} */
	const ahead = new Map();
	for (const [id, position] of Object.entries(overview?.positions ?? {}).sort(([, a], [, b]) => a - b)) {
		const kind = jobs.get(id)?.kind ?? '';
		places.set(id, { position, ahead: ahead.get(kind) ?? 0 });
		ahead.set(kind, (ahead.get(kind) ?? 0) + 1);
	}
	return places;
}

/** Reports whether the payloads of two transfer jobs ask for the same. @param {Job['payload']} a @param {Job['payload']} b */
function doesSame(a, b) {
	const [first, second] = [a, b].map((payload) => JSON.stringify([
		Number(payload?.recording_id), Boolean(payload?.again), payload?.deliver !== false, Boolean(payload?.by_hand), payload?.visibility || '', payload?.folder || '',
	]));
	return first === second;
}
