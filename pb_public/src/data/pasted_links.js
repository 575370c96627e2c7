// The share links that the user has pasted: each finds its meeting, or remains until the user has decided about it.
import { signal } from '../../vendor/signals.js';

/** @typedef {{transfer: string, meeting: string, recording_id: number, title: string, recorded_at: string, duration: number, agrees?: ('title'|'length')[]}} Candidate */

/**
 * A link that has no meeting yet. With `found`, it is doubtful; otherwise `code` and `message` say what is wrong with it.
 * @typedef {{url: string, found?: {title: string, duration: number}, candidates: Candidate[], code: string, message: string}} OpenLink
 */

/** The codes of links that lead to a video, of which the user may know the meeting. */
const assignable = ['validation_link_private', 'validation_link_unreachable', 'validation_link_no_meeting'];

/** Reports whether the user may say to which meeting a link belongs. @param {OpenLink} link */
export const isAssignable = ({ found, code }) => Boolean(found) || assignable.includes(code);

/** Reports whether Loom may show more about a link later. @param {OpenLink} link */
export const canCheckAgain = ({ code }) => code === 'validation_link_private' || code === 'validation_link_unreachable';

export class PastedLinks {
	open = signal(/** @type {OpenLink[]} */ ([]));
	/** How many requests are under way. */
	busy = signal(0);

	#db;
	#onDelivered;

	/**
	 * @param {import('./clients.js').UserDatabase} db
	 * @param {(transferID: string, url: string) => void} onDelivered
	 */
	constructor(db, onDelivered) {
		this.#db = db;
		this.#onDelivered = onDelivered;
	}

	/**
	 * Finds the meetings of all links in a text. It returns those that were saved, and rejects for a text that was not accepted.
	 * @param {string} text
	 * @returns {Promise<Candidate[]>}
	 */
	async find(text) {
		this.busy.value++;
		try {
			const { matched, doubtful, unknown } = await this.#db.send('/api/share-links', { method: 'POST', body: { text } });
			for (const { transfer, url } of matched) this.#onDelivered(transfer, url);
			const pasted = new Set([matched, doubtful, unknown].flat().map(({ url }) => url));
			this.open.value = [
				...this.open.value.filter(({ url }) => !pasted.has(url)),
				...doubtful.map((/** @type {any} */ link) => ({ ...link, code: '', message: '' })),
				...unknown.map((/** @type {any} */ link) => ({ ...link, candidates: [] })),
			];
			return matched;
		} finally {
			this.busy.value--;
		}
	}

	/** Saves a link in the transfer that the user has chosen. @param {string} url @param {string} transferID */
	async assign(url, transferID) {
		await this.#db.collection('transfers').update(transferID, { share_url: url, confirmed: true });
		this.#onDelivered(transferID, url);
		this.dismiss(url);
	}

	/** @param {string} url */
	dismiss(url) {
		this.open.value = this.open.value.filter((link) => link.url !== url);
	}
}
