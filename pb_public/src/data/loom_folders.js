// The folders of the user's Loom library. They are loaded when something needs them, once per connection and site.
import { signal } from '../../vendor/signals.js';
import { messageOf } from '../lib/errors.js';

/** @typedef {import('./types.js').LoomFolder} LoomFolder */

export class LoomFolders {
	/** Null until they are loaded. */
	all = signal(/** @type {LoomFolder[] | null} */ (null));
	error = signal('');

	#db;
	#source = '';

	/** @param {Pick<import('./clients.js').UserDatabase, 'send'>} db */
	constructor(db) {
		this.#db = db;
	}

	/**
	 * Loads the folders, unless those of this source are loaded or being loaded already. A failure is reported in `error`.
	 * @param {string} source identifies the connection and its site; blank if there is none that could be asked
	 */
	load(source) {
		if (source === this.#source) return;
		this.#source = source;
		this.all.value = null;
		this.error.value = '';
		if (source) this.reload();
	}

	/** Loads the folders again. */
	async reload() {
		const source = this.#source;
		this.error.value = '';
		try {
			/** @type {{folders: LoomFolder[]}} */
			const { folders } = await this.#db.send('/api/loom/folders', {});
			if (source === this.#source) this.all.value = folders;
		} catch (error) {
			if (source === this.#source) this.error.value = messageOf(error);
		}
	}

	/** The name of a folder; blank if it is unknown. @param {string | undefined} id */
	nameOf(id) {
		return this.all.value?.find((folder) => folder.id === id)?.name ?? '';
	}
}
