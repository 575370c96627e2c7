// The list of meetings: newest first, a page at a time, filtered by title.
import { batch, signal } from '../../vendor/signals.js';
import { messageOf } from '../lib/errors.js';
import { follow } from './subscribe.js';
import { isStale } from './live_records.js';

/** @typedef {import('./types.js').Meeting} Meeting */

const pageSize = 50;
const maxRequest = 500; // meetings in one answer
const typingPause = 250;
const burstPause = 400; // a sync sends a message for every meeting
/** What is asked of a meeting. One choice of fields is one subscription, however many follow it. */
export const fields = 'id,recording_id,title,recorded_at,duration,recorded_by,loom_url,created,updated';

export class MeetingList {
	items = signal(/** @type {Meeting[]} */ ([]));
	total = signal(0);
	query = signal('');
	loaded = signal(false);
	loading = signal(false);
	error = signal('');
	scroll = 0; // where the page was left

	#db;
	#stopped = false;
	#unfollow = () => {};
	#turn = 0;
	#page = 1;
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	#timer;

	/** @param {import('../../vendor/pocketbase.js').default} db */
	constructor(db) {
		this.#db = db;
	}

	start() {
		this.#unfollow = follow(this.#db, 'meetings/*', ({ action, record }) => {
			if (action === 'update') this.#replace(record);
			else this.#soon(burstPause);
		}, () => this.refresh(), { fields });
	}

	stop() {
		this.#stopped = true;
		this.#unfollow();
		clearTimeout(this.#timer);
	}

	/** @param {string} text */
	search(text) {
		this.query.value = text;
		this.#page = 1;
		this.#soon(typingPause);
	}

	get hasMore() {
		return this.items.value.length < this.total.value;
	}

	more() {
		if (this.loading.value || !this.hasMore) return Promise.resolve();
		this.#page++;
		return this.refresh();
	}

	/** Reads all pages shown so far again, as one: meetings may have come in between. */
	async refresh() {
		const turn = ++this.#turn;
		this.loading.value = true;
		try {
			const { items, total } = await this.#read(this.#page * pageSize);
			if (this.#stopped || turn !== this.#turn) return;
			batch(() => {
				this.items.value = items;
				this.total.value = total;
				this.loaded.value = true;
				this.error.value = '';
			});
		} catch (error) {
			if (!this.#stopped && turn === this.#turn) this.error.value = messageOf(error);
		} finally {
			if (turn === this.#turn) this.loading.value = false;
		}
	}

	/** @param {number} wanted how many meetings, at least */
	async #read(wanted) {
		const size = Math.min(wanted, maxRequest);
		/** @type {Meeting[]} */
		const items = [];
		for (let page = 1; ; page++) {
			const answer = await this.#db.collection('meetings').getList(page, size, {
				fields, sort: '-recorded_at,id', filter: this.#filter(),
			});
			items.push(.../** @type {any[]} */ (answer.items));
			if (items.length >= wanted || page >= answer.totalPages) return { items, total: answer.totalItems };
		}
	}

	#filter() {
		const title = this.query.value.trim().replace(/[\\%_]/g, '\\$&');
		return title ? this.#db.filter('title ~ {:title}', { title }) : '';
	}

	/** @param {number} wait milliseconds */
	#soon(wait) {
		clearTimeout(this.#timer);
		if (!this.#stopped) this.#timer = setTimeout(() => this.refresh(), wait);
	}

	/** @param {Meeting} meeting */
	#replace(meeting) {
		const at = this.items.value.findIndex((known) => known.id === meeting.id);
		if (at < 0 || isStale(meeting, this.items.value[at])) return;
		this.items.value = this.items.value.with(at, meeting);
	}
}
