// A collection kept up to date: read once, then followed by realtime messages.
import { signal } from '../../vendor/signals.js';
import { messageOf } from '../lib/errors.js';
import { follow } from './subscribe.js';

/** @typedef {import('./types.js').LiveRecord} LiveRecord */

/**
 * Says whether a message is older than what is known. Messages are not
 * promised to come in order.
 * @param {any} incoming
 * @param {any} known
 */
export function isStale(incoming, known) {
	if (incoming.updated !== known.updated) return incoming.updated < known.updated;
	if ((incoming.attempts ?? 0) !== (known.attempts ?? 0)) return incoming.attempts < known.attempts;
	return Boolean(known.finished_at) && !incoming.finished_at;
}

/** @template {LiveRecord} T */
export class LiveRecords {
	records = signal(/** @type {ReadonlyMap<string, T>} */ (new Map()));
	loaded = signal(false);
	error = signal('');

	#client;
	#collection;
	#load;
	#options;
	#stopped = false;
	#unfollow = () => {};
	/** @type {Set<string>} ids that will not come back */
	#deleted = new Set();
	/** @type {Set<string>} ids that changed while a load was under way */
	#touched = new Set();

	/**
	 * @param {import('../../vendor/pocketbase.js').default} client
	 * @param {string} collection
	 * @param {() => Promise<any[]>} load
	 * @param {{fields?: string}} [options] of the messages
	 */
	constructor(client, collection, load, options) {
		this.#client = client;
		this.#collection = collection;
		this.#load = load;
		this.#options = options;
	}

	start() {
		this.#unfollow = follow(this.#client, `${this.#collection}/*`, ({ action, record }) => {
			if (action === 'delete') this.remove(record.id);
			else this.put(record);
		}, () => this.reload(), this.#options);
	}

	stop() {
		this.#stopped = true;
		this.#unfollow();
	}

	async reload() {
		if (this.#stopped) return;
		this.#touched.clear();
		try {
			const loaded = await this.#load();
			if (this.#stopped) return;
			const known = this.records.value;
			const next = new Map();
			for (const record of loaded) {
				const mine = known.get(record.id);
				if (!this.#deleted.has(record.id)) next.set(record.id, mine && isStale(record, mine) ? mine : record);
			}
			for (const id of this.#touched) {
				const mine = known.get(id);
				if (mine && !next.has(id)) next.set(id, mine);
			}
			this.records.value = next;
			this.loaded.value = true;
			this.error.value = '';
		} catch (error) {
			if (!this.#stopped) this.error.value = messageOf(error);
		}
	}

	/** @param {T} record */
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
