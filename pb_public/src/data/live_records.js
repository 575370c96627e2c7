// A collection in memory: loaded once, then kept up to date by realtime messages.
import { signal } from '../../vendor/signals.js';
import { messageOf } from '../lib/errors.js';
import { RepeatedRead } from './repeated_read.js';
import { subscribe } from './subscribe.js';

/** @typedef {import('./types.js').LiveRecord} LiveRecord */

/**
 * A realtime message.
 * @template T
 * @typedef {{action: string, record: T}} Message
 */

/**
 * Milliseconds in which further messages are collected. Each application copies all records and renders the page, so one
 * for each of thousands of messages would keep the browser busy.
 */
const burstPause = 200;

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

	/**
	 * Is called with each record that was added, replaced or deleted, except by a load: how it is now and how it was.
	 * @type {(record: T | undefined, before: T | undefined) => void}
	 */
	onChange = () => {};

	#stream;
	#collection;
	#load;
	#options;
	#reads;
	#stopped = false;
	#unsubscribe = () => {};
	/** @type {Set<string>} ids of deleted records, which a late message must not bring back */
	#deleted = new Set();
	/** @type {Set<string>} ids of records that changed since the last load started */
	#touched = new Set();
	/** The messages to apply. @type {Message<T>[]} */
	#messages = [];
	/** Runs while messages are collected. @type {ReturnType<typeof setTimeout> | undefined} */
	#pause;

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
		this.#reads = new RepeatedRead(() => this.#read());
	}

	start() {
		this.#unsubscribe = subscribe(this.#stream, `${this.#collection}/*`, (message) => {
			this.#messages.push(message);
			if (this.#pause === undefined) this.#applyMessages(); // a single change shows at once
		}, () => this.reload(), this.#options);
	}

	stop() {
		this.#stopped = true;
		this.#unsubscribe();
		this.#reads.stop();
		clearTimeout(this.#pause);
	}

	/** Loads all records. A failure is reported in `error`, and the load is repeated if that may help. */
	reload() {
		return this.#reads.run();
	}

	async #read() {
		if (this.#stopped) return;
		this.#touched.clear();
		try {
			const loaded = await this.#load();
			if (!this.#stopped) this.#merge(loaded);
		} catch (error) {
			if (!this.#stopped) this.error.value = messageOf(error);
			throw error;
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

	/** Applies the messages so far, and collects those that follow. */
	#applyMessages() {
		const messages = this.#messages;
		this.#messages = [];
		this.#pause = messages.length ? setTimeout(() => this.#applyMessages(), burstPause) : undefined;
		this.#apply(messages);
	}

	/** @param {Message<T>[]} messages */
	#apply(messages) {
		if (this.#stopped || !messages.length) return;
		const before = this.records.peek();
		const next = new Map(before);
		/** @type {Set<string>} */
		const changed = new Set();
		for (const { action, record } of messages) {
			if (action === 'delete') {
				this.#deleted.add(record.id);
				if (next.delete(record.id)) changed.add(record.id);
				continue;
			}
			const known = next.get(record.id);
			if (this.#deleted.has(record.id) || (known && isStale(record, known))) continue;
			this.#touched.add(record.id);
			next.set(record.id, record);
			changed.add(record.id);
		}
		if (!changed.size) return; // nothing to render
		this.records.value = next;
		for (const id of changed) this.onChange(next.get(id), before.get(id));
	}

	/** Adds or replaces a record at once, unless a newer version of it is known. @param {T} record */
	put(record) {
		this.#apply([{ action: 'update', record }]);
	}

	/**
	 * Adds or replaces several records, unless a newer version of one is known, in one change. With `isComplete`, the same
	 * version is replaced, too.
	 * @param {T[]} records
	 * @param {boolean} [isComplete]
	 */
	putAll(records, isComplete = false) {
		const next = new Map(this.records.peek());
		let isChanged = false;
		for (const record of records) {
			const known = next.get(record.id);
			const isNew = !known || (isComplete ? !isStale(record, known) : record.updated > known.updated);
			if (this.#stopped || this.#deleted.has(record.id) || !isNew) continue;
			this.#touched.add(record.id);
			next.set(record.id, record);
			isChanged = true;
		}
		if (isChanged) this.records.value = next;
	}

	/** @param {string} id */
	remove(id) {
		this.#apply([{ action: 'delete', record: /** @type {T} */ ({ id }) }]);
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
