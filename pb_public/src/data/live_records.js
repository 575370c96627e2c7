// A collection in memory: loaded once, then kept up to date by realtime messages.
import { signal } from '../../vendor/signals.js';
import { messageOf } from '../lib/errors.js';
import { subscribe } from './subscribe.js';

/** @typedef {import('./types.js').LiveRecord} LiveRecord */

/**
 * Reports whether a version of a record is older than the known one. Messages may arrive out of order.
 * @param {any} incoming
 * @param {any} known
 */
export function isStale(incoming, known) {
	if (incoming.updated !== known.updated) return incoming.updated < known.updated;
	if ((incoming.attempts ?? 0) !== (known.attempts ?? 0)) return (incoming.attempts ?? 0) < (known.attempts ?? 0);
	return Boolean(known.finished_at) && !incoming.finished_at;
}

/** @template {LiveRecord} T */
export class LiveRecords {
	records = signal(/** @type {ReadonlyMap<string, T>} */ (new Map()));
	loaded = signal(false);
	error = signal('');

	#stream;
	#collection;
	#load;
	#options;
	#stopped = false;
	#unsubscribe = () => {};
	/** @type {Set<string>} ids of deleted records, which a late message must not bring back */
	#deleted = new Set();
	/** @type {Set<string>} ids of records that changed since the last load started */
	#touched = new Set();

	/**
	 * @param {import('./shared_streams.js').Stream} stream
	 * @param {string} collection
	 * @param {() => Promise<any[]>} load
	 * @param {{fields?: string, atOnce?: boolean}} [options] of the subscription
	 */
	constructor(stream, collection, load, options) {
		this.#stream = stream;
		this.#collection = collection;
		this.#load = load;
		this.#options = options;
	}

	start() {
		this.#unsubscribe = subscribe(this.#stream, `${this.#collection}/*`, ({ action, record }) => {
			if (action === 'delete') this.remove(record.id);
			else this.put(record);
		}, () => this.reload(), this.#options);
	}

	stop() {
		this.#stopped = true;
		this.#unsubscribe();
	}

	/** Loads all records. A failure is reported in `error`. */
	async reload() {
		if (this.#stopped) return;
		this.#touched.clear();
		try {
			const loaded = await this.#load();
			if (!this.#stopped) this.#merge(loaded);
		} catch (error) {
			if (!this.#stopped) this.error.value = messageOf(error);
		}
	}

	/** Keeps what arrived while the load was running and is newer. @param {T[]} loaded */
	#merge(loaded) {
		const known = this.records.value;
		/** @type {Map<string, T>} */
		const merged = new Map();
		for (const record of loaded) {
			const mine = known.get(record.id);
			if (!this.#deleted.has(record.id)) merged.set(record.id, mine && isStale(record, mine) ? mine : record);
		}
		for (const id of this.#touched) {
			const mine = known.get(id);
			if (mine && !merged.has(id)) merged.set(id, mine);
		}
		this.records.value = merged;
		this.loaded.value = true;
		this.error.value = '';
	}

	/** Adds or replaces a record, unless a newer version of it is known. @param {T} record */
	put(record) {
		const known = this.records.value.get(record.id);
		if (this.#stopped || this.#deleted.has(record.id) || (known && isStale(record, known))) return;
		this.#touched.add(record.id);
		this.records.value = new Map(this.records.value).set(record.id, record);
	}

	/** @param {string} id */
	remove(id) {
		this.#deleted.add(id);
		const next = new Map(this.records.value);
		if (next.delete(id)) this.records.value = next;
	}

	/** @param {string} id */
	isDeleted(id) {
		return this.#deleted.has(id);
	}

	/** @param {(record: T) => boolean} matches @returns {T | undefined} */
	find(matches) {
		for (const record of this.records.value.values()) {
			if (matches(record)) return record;
		}
	}
}
