// What the user has chosen, by key. The server validates the values of the keys that it uses.
import { LiveRecords } from './live_records.js';

/** @typedef {import('./types.js').LiveRecord & {key: string, value: any}} Preference */

export class Preferences {
	#collection;
	#records;
	#zoneSaved = false;
	/** @type {Promise<unknown>} the last change */
	#saved = Promise.resolve();

	/**
	 * @param {import('./clients.js').UserDatabase} db
	 * @param {import('./shared_streams.js').Stream} stream
	 */
	constructor(db, stream) {
		this.#collection = db.collection('preferences');
		/** @type {LiveRecords<Preference>} */
		this.#records = new LiveRecords(stream, 'preferences', async () => {
			const records = await this.#collection.getFullList();
			this.#saveZone(records);
			return records;
		});
		this.loaded = this.#records.loaded;
		this.error = this.#records.error;
	}

	start() {
		this.#records.start();
	}

	stop() {
		this.#records.stop();
	}

	/** The value of a key; undefined if nothing was chosen. @param {string} key */
	get(key) {
		return this.#find(key)?.value;
	}

	/** Saves a value, or removes it if it is undefined. Changes are saved in their order. @param {string} key @param {any} value */
	save(key, value) {
		const saved = this.#saved.then(() => this.#write(key, value));
		this.#saved = saved.catch(() => {});
		return saved;
	}

	/** @param {string} key @param {any} value */
	async #write(key, value) {
		const known = this.#find(key);
		if (value === undefined) {
			if (!known) return;
			await this.#collection.delete(known.id);
			this.#records.remove(known.id);
			return;
		}
		const saved = known ? await this.#collection.update(known.id, { value }) : await this.#collection.create({ key, value });
		this.#records.put(/** @type {any} */ (saved));
	}

	/** @param {string} key */
	#find(key) {
		return this.#records.find((preference) => preference.key === key);
	}

	/** Saves the browser's time zone if there is none yet. @param {any[]} records */
	#saveZone(records) {
		if (this.#zoneSaved || records.some(({ key }) => key === 'time_zone')) return;
		this.#zoneSaved = true;
		const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
		this.#collection.create({ key: 'time_zone', value: zone })
			.then((saved) => this.#records.put(/** @type {any} */ (saved)))
			.catch(() => {}); // another tab was faster, or the server doesn't know the zone
	}
}
