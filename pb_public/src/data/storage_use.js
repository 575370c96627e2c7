// How much a user has stored, read again whenever that may have changed.
import { signal } from '../../vendor/signals.js';

/** @typedef {{bytes: number, quota: number}} Usage quota is 0 without a limit */

export class StorageUse {
	/** What is known. @type {import('../../vendor/signals.js').Signal<Usage | null>} */
	usage = signal(null);

	#db;
	#reads = 0;
	/** The read whose response is shown. */
	#shown = 0;

	/** @param {import('../../vendor/pocketbase.js').default} db */
	constructor(db) {
		this.#db = db;
	}

	/** Reads it. A failure changes nothing. */
	async read() {
		const read = ++this.#reads;
		const usage = await this.#db.send('/api/usage', {});
		if (read < this.#shown) return; // a later read was faster
		this.#shown = read;
		this.usage.value = usage;
	}
}
