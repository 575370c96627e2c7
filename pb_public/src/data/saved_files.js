// Which files this browser has saved, or begun to download, so that a tick stays after a reload.
import { signal } from '../../vendor/signals.js';

export const savedFilesKey = 'saved-files_'; // followed by the name of the user database

/** @typedef {'saved'|'started'} Saved a download that the browser does itself is only known to have started */
/** @typedef {{recordingID: number, size: number}} File */

export class SavedFiles {
	#key;
	/** By recording. */
	#files = signal(/** @type {Record<string, {size: number, how: Saved}>} */ ({}));

	/** @param {string} database its name */
	constructor(database) {
		this.#key = savedFilesKey + database;
		this.#files.value = read(this.#key);
	}

	/** What is known about a file. One of another size is another file. @param {File} file @returns {Saved | ''} */
	stateOf({ recordingID, size }) {
		const known = this.#files.value[recordingID];
		return known?.size === size ? known.how : '';
	}

	/** @param {File} file @param {Saved} how */
	add({ recordingID, size }, how) {
		this.#save({ ...this.#known(), [recordingID]: { size, how } });
	}

	/** Forgets all other files. @param {Iterable<number>} recordingIDs */
	keepOnly(recordingIDs) {
		const kept = new Set([...recordingIDs].map(String));
		const entries = Object.entries(this.#known());
		const left = entries.filter(([id]) => kept.has(id));
		if (left.length < entries.length) this.#save(Object.fromEntries(left));
	}

	/** With what other tabs have saved. */
	#known() {
		return { ...this.#files.value, ...read(this.#key) };
	}

	/** @param {Record<string, {size: number, how: Saved}>} files */
	#save(files) {
		this.#files.value = files;
		try {
			if (Object.keys(files).length) localStorage.setItem(this.#key, JSON.stringify(files));
			else localStorage.removeItem(this.#key);
		} catch {
			// without storage, ticks last as long as the page
		}
	}
}

/** @param {string} key */
function read(key) {
	try {
		return JSON.parse(localStorage.getItem(key) ?? '{}') ?? {};
	} catch {
		return {};
	}
}
