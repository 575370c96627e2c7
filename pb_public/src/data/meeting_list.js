// The list of meetings: newest first, loaded page by page, filtered by title.
import { batch, signal } from '../../vendor/signals.js';
import { messageOf } from '../lib/errors.js';
import { isStale } from './live_records.js';
import { subscribe } from './subscribe.js';

/** @typedef {import('./types.js').Meeting} Meeting */

const pageSize = 50;
const maxRequest = 500; // meetings in one response
const typingPause = 250; // milliseconds
const burstPause = 400; // a sync sends a message for every meeting
/** The fields of a listed meeting. Subscriptions with the same fields share one on the server. */
export const fields = 'id,recording_id,title,recorded_at,duration,recorded_by,loom_url,created,updated';

export class MeetingList {
	items = signal(/** @type {Meeting[]} */ ([]));
	total = signal(0);
	query = signal('');
	loaded = signal(false);
	loading = signal(false);
	error = signal('');
	scroll = 0; // the position to return to

	#db;
	#stopped = false;
	#unsubscribe = () => {};
	#requests = 0;
	#pages = 1;
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	#timer;

	/** @param {import('../../vendor/pocketbase.js').default} db */
	constructor(db) {
		this.#db = db;
	}

	start() {
		this.#unsubscribe = subscribe(this.#db, 'meetings/*', ({ action, record }) => {
			if (action === 'update') this.#replace(record);
			else this.#refreshIn(burstPause);
		}, () => this.refresh(), { fields });
	}

	stop() {
		this.#stopped = true;
		this.#unsubscribe();
		clearTimeout(this.#timer);
	}

	/** @param {string} text part of a title; blank for all meetings */
	search(text) {
		this.query.value = text;
		this.#pages = 1;
		this.#refreshIn(typingPause);
	}

	get hasMore() {
		return this.items.value.length < this.total.value;
	}

	loadMore() {
		if (this.loading.value || !this.hasMore) return Promise.resolve();
		this.#pages++;
		return this.refresh();
	}

	/** Loads all pages shown so far again, because new meetings move the others from page to page. */
	async refresh() {
		const request = ++this.#requests;
		this.loading.value = true;
		try {
			const { items, total } = await this.#load(this.#pages * pageSize);
			if (this.#stopped || request !== this.#requests) return;
			batch(() => {
				this.items.value = items;
				this.total.value = total;
				this.loaded.value = true;
				this.error.value = '';
			});
		} catch (error) {
			if (!this.#stopped && request === this.#requests) this.error.value = messageOf(error);
		} finally {
			if (request === this.#requests) this.loading.value = false;
		}
	}

	/** @param {number} wanted the minimum number of meetings, if there are as many */
	async #load(wanted) {
		const size = Math.min(wanted, maxRequest);
		/** @type {Meeting[]} */
		const items = [];
		for (let page = 1; ; page++) {
			const response = await this.#db.collection('meetings').getList(page, size, {
				fields, sort: '-recorded_at,id', filter: this.#filter(),
			});
			items.push(.../** @type {any[]} */ (response.items));
			if (items.length >= wanted || page >= response.totalPages) return { items, total: response.totalItems };
		}
	}

	#filter() {
		const title = this.query.value.trim().replace(/[\\%_]/g, '\\$&');
		return title ? this.#db.filter('title ~ {:title}', { title }) : '';
	}

	/** @param {number} delay milliseconds */
	#refreshIn(delay) {
		clearTimeout(this.#timer);
		if (!this.#stopped) this.#timer = setTimeout(() => this.refresh(), delay);
	}

	/** @param {Meeting} meeting */
	#replace(meeting) {
		const index = this.items.value.findIndex((known) => known.id === meeting.id);
		if (index < 0 || isStale(meeting, this.items.value[index])) return;
		this.items.value = this.items.value.with(index, meeting);
	}
}
