// What is known about single meetings, by their recordings. What isn't is asked for, many at a time.
import { signal } from '../../vendor/signals.js';

/** @typedef {import('./types.js').LibraryItem} LibraryItem */
/** @typedef {import('./types.js').MeetingTitle} MeetingTitle */

const maxAsked = 100; // in a request, as on the server
const retryAfter = 30_000; // milliseconds

export class MeetingLookup {
	/** @type {import('../../vendor/signals.js').Signal<ReadonlyMap<number, MeetingTitle>>} */
	#known = signal(new Map());
	/** Those that need not be asked for, whether they exist or not. @type {Set<number>} */
	#asked = new Set();
	/** @type {Set<number>} */
	#wanted = new Set();
	#isAsking = false;
	#db;
	#onItems;

	/**
	 * @param {import('../../vendor/pocketbase.js').default} db
	 * @param {(items: LibraryItem[]) => void} onItems is called with what was found
	 */
	constructor(db, onItems) {
		this.#db = db;
		this.#onItems = onItems;
	}

	/** The meeting of a recording; undefined until it is known. @param {number} recordingID */
	get(recordingID) {
		this.want(recordingID);
		return this.#known.value.get(recordingID);
	}

	/** Asks for a recording unless it is known. May be called while rendering. @param {number} recordingID */
	want(recordingID) {
		if (!Number.isSafeInteger(recordingID) || this.#asked.has(recordingID)) return;
		this.#asked.add(recordingID);
		this.#wanted.add(recordingID);
		if (this.#isAsking) return;
		this.#isAsking = true;
		setTimeout(() => this.#ask(), 0);
	}

	/** Takes notice of meetings that were read for another reason. @param {MeetingTitle[]} meetings */
	add(meetings) {
		const changed = new Map(this.#known.peek());
		for (const meeting of meetings) {
			this.#asked.add(meeting.recording_id);
			changed.set(meeting.recording_id, meeting);
		}
		this.#known.value = changed;
	}

	/** @param {string} id of a deleted meeting */
	remove(id) {
		const changed = new Map([...this.#known.peek()].filter(([, meeting]) => meeting.id !== id));
		if (changed.size < this.#known.peek().size) this.#known.value = changed;
	}

	/** Reads meetings. @param {number[]} recordingIDs @returns {Promise<LibraryItem[]>} those that exist */
	async read(recordingIDs) {
		const found = [];
		for (let from = 0; from < recordingIDs.length; from += maxAsked) {
			const ids = recordingIDs.slice(from, from + maxAsked).join(',');
			/** @type {{items: LibraryItem[]}} */
			const { items } = await this.#db.send('/api/library', { method: 'GET', query: { recording_ids: ids } });
			found.push(...items);
		}
		return found;
	}

	async #ask() {
		while (this.#wanted.size) {
			const ids = [...this.#wanted].slice(0, maxAsked);
			for (const id of ids) this.#wanted.delete(id);
			try {
				const items = await this.read(ids);
				this.add(items);
				this.#onItems(items);
			} catch {
				setTimeout(() => ids.forEach((id) => this.#asked.delete(id)), retryAfter);
			}
		}
		this.#isAsking = false;
	}
}
