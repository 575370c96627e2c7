// The addresses of posters. They contain a token, because pictures can't send a header.
import { signal } from '../../vendor/signals.js';

const renewAfter = 12 * 3600_000; // milliseconds; a token lasts a day
const retryAfter = 30_000;

export class Posters {
	#db;
	#token = signal('');
	#dueAt = 0; // when to request a token, in milliseconds since the epoch

	/** @param {import('../../vendor/pocketbase.js').default} db */
	constructor(db) {
		this.#db = db;
	}

	/**
	 * The URL of a meeting's poster; blank if it has none, or until there is a token. It stays the same for hours, so that
	 * browsers needn't load a poster twice.
	 * @param {{id: string, poster: string}} meeting
	 */
	url({ id, poster }) {
		if (!poster) return '';
		if (Date.now() >= this.#dueAt) this.#request();
		const token = this.#token.value;
		return token && this.#db.buildURL(`/api/meetings/${id}/poster?${new URLSearchParams({ v: poster, token })}`);
	}

	async #request() {
		this.#dueAt = Date.now() + renewAfter;
		try {
			this.#token.value = await this.#db.files.getToken();
		} catch {
			this.#dueAt = Date.now() + retryAfter; // until then, tiles are shown
		}
	}
}
