// The list of meetings: newest first, loaded page by page, filtered by title.
import { batch, signal } from '../../vendor/signals.js';
import { messageOf } from '../lib/errors.js';
import { isStale } from './live_records.js';
import { RepeatedRead } from './repeated_read.js';
import { subscribe } from './subscribe.js';

/** @typedef {import('./types.js').Meeting} Meeting */

/** Meetings in one response. The server allows no more. */
export const pageSize = 100;
const typingPause = 250; // milliseconds
const burstPause = 400; // a sync sends a message for every meeting
const shownKey = 'meetings-shown'; // in the tab's session storage
/** The fields of a listed meeting. Subscriptions with the same fields share one on the server. */
export const fields = 'id,recording_id,title,recorded_at,duration,recorded_by,loom_url,poster,withdrawn_at,created,updated';

/** The server's order: newest first. @param {Meeting} a @param {Meeting} b */
const byDate = (a, b) => compare(b.recorded_at, a.recorded_at) || compare(a.id, b.id);

/** @param {string} a @param {string} b */
const compare = (a, b) => (a < b ? -1 : Number(a > b));

export class MeetingList {
	items = signal(/** @type {Meeting[]} */ ([]));
	total = signal(0);
	hasMore = signal(false);
	query = signal('');
	loaded = signal(false);
	loading = signal(false);
	error = signal('');
	scroll = 0; // the position to return to

	#db;
	#stream;
	#storage;
	#stopped = false;
	#unsubscribe = () => {};
	#requests = 0;
	#wanted; // meetings to show, if there are as many
	/** The running or last request; it doesn't reject. @type {Promise<void>} */
	#running = Promise.resolve();
	#refreshes = new RepeatedRead(() => {
		const refreshing = this.#refresh(++this.#requests);
		this.#running = refreshing.catch(() => {});
		return refreshing;
	});
	/** The changes to apply; null is a deleted meeting. @type {Map<string, Meeting | null>} */
	#changes = new Map();
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	#refreshTimer;
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	#changeTimer;

	/**
	 * @param {import('../../vendor/pocketbase.js').default} db
	 * @param {import('./shared_streams.js').Stream} stream
	 * @param {Storage | undefined} [storage] keeps the number of meetings shown, for a reload of the page
	 */
	constructor(db, stream, storage = globalThis.sessionStorage) {
		this.#db = db;
		this.#stream = stream;
		this.#storage = storage;
		this.#wanted = Number(storage?.getItem(shownKey)) || pageSize;
	}

	start() {
		this.#unsubscribe = subscribe(this.#stream, 'meetings/*', ({ action, record }) => {
			this.#changes.set(record.id, action === 'delete' ? null : record);
			this.#changeTimer ??= setTimeout(() => this.#applyChanges(), burstPause);
		}, () => this.refresh(), { fields, atOnce: true });
	}

	stop() {
		this.#stopped = true;
		this.#unsubscribe();
		this.#refreshes.stop();
		clearTimeout(this.#refreshTimer);
		clearTimeout(this.#changeTimer);
	}

	/** @param {string} text part of a title; blank for all meetings */
	search(text) {
		this.query.value = text;
		this.#want(pageSize);
		clearTimeout(this.#refreshTimer);
		this.#refreshTimer = setTimeout(() => this.refresh(), typingPause);
	}

	/** The filter of the meetings that match the search; blank for all meetings. */
	get filter() {
		const title = this.query.value.trim().replace(/[\\%_]/g, '\\$&');
		return title && this.#db.filter('title ~ {:title}', { title });
	}

	/** Adds the next page to the meetings shown. */
	async loadMore() {
		await this.#running;
		const loading = this.#loadMore();
		this.#running = loading.catch(() => {});
		return loading;
	}

	async #loadMore() {
		const request = this.#requests;
		const known = this.items.value;
		this.#want(known.length + pageSize);
		const { items, isLast } = await this.#readPage(known.at(-1));
		if (request !== this.#requests) return this.#running; // a refresh, which reads the page, too
		if (this.#stopped) return;
		const ids = new Set(this.items.value.map(({ id }) => id));
		batch(() => {
			this.items.value = [...this.items.value, ...items.filter(({ id }) => !ids.has(id))].sort(byDate);
			this.hasMore.value = !isLast;
		});
	}

	/** Loads all meetings shown so far again. */
	refresh() {
		return this.#refreshes.run();
	}

	/** @param {number} request its number */
	async #refresh(request) {
		const isCurrent = () => !this.#stopped && request === this.#requests;
		this.loading.value = true;
		try {
			let page = await this.#readPage();
			const { items, total } = page;
			while (!page.isLast && items.length < this.#wanted && isCurrent()) {
				page = await this.#readPage(items.at(-1));
				items.push(...page.items);
			}
			if (!isCurrent()) return;
			batch(() => {
				this.items.value = items;
				this.total.value = total;
				this.hasMore.value = !page.isLast;
				this.loaded.value = true;
				this.error.value = '';
			});
		} catch (error) {
			if (isCurrent()) this.error.value = messageOf(error);
			throw error;
		} finally {
			if (isCurrent()) this.loading.value = false;
		}
	}

	/**
	 * Reads the meetings that follow a given one, so that no page depends on meetings that are added or
	 * deleted before it. The first page has the total.
	 * @param {Meeting} [last]
	 * @returns {Promise<{items: Meeting[], total: number, isLast: boolean}>}
	 */
	async #readPage(last) {
		const filter = [
			this.filter,
			last && this.#db.filter('(recorded_at < {:at} || (recorded_at = {:at} && id > {:id}))', { at: last.recorded_at, id: last.id }),
		].filter(Boolean).join(' && ');
		const response = await this.#db.collection('meetings').getList(1, pageSize, {
			fields, sort: '-recorded_at,id', filter, skipTotal: Boolean(last),
		});
		const items = /** @type {any[]} */ (response.items);
		return { items, total: response.totalItems, isLast: items.length < response.perPage };
	}

	/** Applies what realtime messages reported. Those that came during a refresh may be newer than its result. */
	async #applyChanges() {
		await this.#running;
		this.#changeTimer = undefined;
		if (this.#stopped) return;
		const known = new Map(this.items.value.map((meeting) => [meeting.id, meeting]));
		const last = this.items.value.at(-1);
		let isCountStale = false;
		for (const [id, meeting] of this.#changes) {
			const old = known.get(id);
			if (!meeting) {
				known.delete(id);
				isCountStale = true;
			} else if (old) {
				if (!isStale(meeting, old)) known.set(id, meeting);
			} else {
				isCountStale = true;
				const isShown = !this.hasMore.value || (last && byDate(meeting, last) < 0);
				if (isShown && !this.query.value.trim()) known.set(id, meeting);
			}
		}
		this.#changes.clear();
		const items = [...known.values()].sort(byDate);
		const shown = Math.max(this.#wanted, this.items.value.length); // a first sync adds thousands
		batch(() => {
			this.items.value = items.slice(0, shown);
			if (items.length > shown) this.hasMore.value = true;
		});
		if (!isCountStale) return;
		if (this.query.value.trim()) await this.refresh(); // only the server knows which titles match
		else await this.#countAgain();
	}

	async #countAgain() {
		try {
			const { totalItems } = await this.#db.collection('meetings').getList(1, 1, { fields: 'id' });
			if (!this.#stopped && !this.query.value.trim()) this.total.value = totalItems;
		} catch {
			// The next change or refresh counts again.
		}
	}

	/** @param {number} count of meetings to show */
	#want(count) {
		this.#wanted = count;
		this.#storage?.setItem(shownKey, String(count));
	}
}
