// A search in everything that is stored of the meetings: the best results first, loaded page by page.
import { batch, signal } from '../../vendor/signals.js';
import { meetingHref } from '../lib/router.js';
import { openEnded } from '../lib/search_text.js';

/** @typedef {import('./types.js').SearchResult} SearchResult */
/** @typedef {import('./types.js').FoundMeeting} FoundMeeting */

const pageSize = 20;
const maxOffset = 10_000; // of the server
const freshFor = 60_000; // milliseconds

/** The fields of a meeting that a search doesn't return. */
const fields = 'id,recording_id,duration,poster';

export class MeetingSearch {
	/** What is searched for; blank before the first search. */
	query = signal('');
	items = signal(/** @type {FoundMeeting[]} */ ([]));
	total = signal(0);
	hasMore = signal(false);
	/** Whether everything that is stored was searched. The server indexes it in the background. */
	complete = signal(true);
	loading = signal(false);
	error = signal(/** @type {any} */ (null));
	scroll = 0; // the position to return to

	#db;
	#searches = 0;
	#offset = 0;
	#searchedAt = 0;

	/** @param {import('../../vendor/pocketbase.js').default} db */
	constructor(db) {
		this.#db = db;
	}

	/** Searches, unless the same search has just succeeded. A failure is reported in `error`. @param {string} query */
	async search(query) {
		const isFresh = Date.now() - this.#searchedAt < freshFor;
		if (query === this.query.value && isFresh && this.complete.value && !this.error.value) return;
		const search = ++this.#searches;
		batch(() => {
			if (query !== this.query.value) {
				this.#offset = 0;
				this.#show([], 0, false);
			}
			this.complete.value = true;
			this.query.value = query;
			this.error.value = null;
			this.loading.value = Boolean(query);
		});
		this.#searchedAt = Date.now();
		if (!query) return;
		try {
			const pages = [await this.#read(0)];
			// The same search is repeated as far as its results are shown, of which there may be more meanwhile.
			while (search === this.#searches && pages.at(-1)?.hasMore && pages.length * pageSize < this.#offset) pages.push(await this.#read(pages.length * pageSize));
			if (search !== this.#searches) return;
			const last = pages[pages.length - 1];
			batch(() => {
				this.#offset = last.next;
				this.#show(unique(pages.flatMap(({ items }) => items)), last.total, last.hasMore);
				this.complete.value = pages[0].complete;
			});
		} catch (error) {
			if (search === this.#searches) this.error.value = error;
		} finally {
			if (search === this.#searches) this.loading.value = false;
		}
	}

	/** Adds the next page to the results. */
	async loadMore() {
		const search = this.#searches;
		const page = await this.#read(this.#offset);
		if (search !== this.#searches) return;
		this.#offset = page.next;
		this.#show(unique([...this.items.value, ...page.items]), page.total, page.hasMore);
	}

	/** @param {FoundMeeting[]} items @param {number} total @param {boolean} hasMore */
	#show(items, total, hasMore) {
		batch(() => {
			this.items.value = items;
			this.total.value = total;
			this.hasMore.value = hasMore;
		});
	}

	/** @param {number} offset */
	async #read(offset) {
		/** @type {SearchResult} */
		const result = await this.#db.send('/api/search', { method: 'GET', query: { q: openEnded(this.query.value), limit: pageSize, offset } });
		const next = offset + pageSize;
		return { items: await this.#describe(result.items), total: result.total, complete: result.complete, next, hasMore: next < result.total && next <= maxOffset };
	}

	/**
	 * Adds what a search doesn't return. Meetings that were deleted meanwhile are left out.
	 * @param {SearchResult['items']} found
	 * @returns {Promise<FoundMeeting[]>}
	 */
	async #describe(found) {
		if (!found.length) return [];
		const filter = found.map(({ recording_id: id }) => `recording_id = ${Number(id)}`).join(' || ');
		const { items } = await this.#db.collection('meetings').getList(1, found.length, { fields, filter, skipTotal: true });
		const meetings = new Map(items.map((meeting) => [meeting.recording_id, meeting]));
		return found.flatMap((item) => {
			const meeting = /** @type {any} */ (meetings.get(item.recording_id));
			return meeting ? [{ ...item, ...meeting, href: meetingHref(meeting.id) }] : [];
		});
	}
}

/** Leaves out what is there already: the index may have changed between two pages. @param {FoundMeeting[]} items */
const unique = (items) => [...new Map(items.toReversed().map((item) => [item.id, item])).values()].toReversed();
