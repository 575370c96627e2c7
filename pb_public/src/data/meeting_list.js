// The library: all meetings that match a filter, of which only the windows that are shown are loaded.
import { batch, computed, signal } from '../../vendor/signals.js';
import { messageOf } from '../lib/errors.js';
import { haveSameMeetings, isFiltered, timeZone, withTimeZone } from '../lib/library_query.js';
import { numbersBetween } from '../lib/row_layout.js';
import { isStale } from './live_records.js';
import { RepeatedRead } from './repeated_read.js';
import { subscribe } from './subscribe.js';

/** @typedef {import('./types.js').Meeting} Meeting */
/** @typedef {import('./types.js').LibraryItem} LibraryItem */
/** @typedef {import('./types.js').LibraryPage} LibraryPage */
/** @typedef {import('./types.js').LibraryOverview} LibraryOverview */
/** @typedef {import('../lib/library_query.js').LibraryView} LibraryView */

/** A meeting, and its position in the library when that was known last. @typedef {{id: string, index: number}} Place */

/** Meetings in one response. */
export const pageSize = 50;
const typingPause = 250; // milliseconds
const burstPause = 800; // milliseconds; a sync sends a message for every meeting
const keptPages = 20; // those that are farthest from what is shown are forgotten
/** The fields of a listed meeting. Subscriptions with the same fields share one on the server. */
export const fields = 'id,recording_id,title,recorded_at,duration,recorded_by,loom_url,poster,withdrawn_at,created,updated';
/** Those of recordings, in whose subscriptions only the fact that something has changed matters. */
export const recordingFields = 'id,recording_id';

/** @type {Record<import('./types.js').LibraryState, number>} */
const noStates = { at_fathom: 0, copying: 0, your_turn: 0, on_loom: 0, kept_here: 0, problem: 0 };

export class MeetingList {
	/** What the user wants to see. */
	view = signal(/** @type {LibraryView} */ ({ filter: {}, sort: 'newest', view: 'list' }));
	/** What `pages` and `overview` were read for: another one than is wanted until that is read, also after a failure. */
	readView = signal(this.view.peek());
	/** Whether the meetings that are shown are the wanted ones. Nothing may happen to others. */
	isCurrent = computed(() => haveSameMeetings(this.view.value, this.readView.value));
	overview = signal(/** @type {LibraryOverview} */ ({ total: 0, seconds: 0, states: noStates, months: [], types: [] }));
	/** How many of all meetings have each state. */
	states = signal(noStates);
	/** The loaded windows by their numbers. @type {import('../../vendor/signals.js').Signal<ReadonlyMap<number, Meeting[]>>} */
	pages = signal(new Map());
	/** The loaded meetings in their order. */
	items = computed(() => [...this.pages.value].sort(([a], [b]) => a - b).flatMap(([, meetings]) => meetings));
	/** How many meetings there are, whatever the filter. */
	totalOfAll = computed(() => Object.values(this.states.value).reduce((sum, count) => sum + count, 0));
	loaded = signal(false);
	/** Whether what is shown doesn't match the filter yet. */
	loading = signal(false);
	error = signal('');
	scroll = 0; // the position to return to
	/** Is called with the id of a meeting that was deleted. @type {(id: string) => void} */
	onDelete = () => {};
	/** Is called after an interruption, in which deletions may have been missed. */
	onResume = () => {};

	#db;
	#stream;
	#onItems;
	#isStarted = false;
	#stopped = false;
	/** @type {(() => void)[]} */
	#unsubscribes = [];
	/** The first and the last window that are shown. */
	#shown = [0, 0];
	/** Windows that are being read. @type {Set<number>} */
	#reading = new Set();
	/** The latest read of what is shown. Windows that were requested before it are out of date. */
	#version = 0;
	/** The earliest read whose response can be shown: earlier ones are of another view, or older than what is shown. */
	#oldest = 0;
	/** The running or last refresh; it doesn't reject. @type {Promise<void>} */
	#running = Promise.resolve();
	#refreshes = new RepeatedRead(() => {
		const refreshing = this.#refresh(++this.#version);
		this.#running = refreshing.catch(() => {});
		return refreshing;
	});
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	#refreshTimer;

	/**
	 * @param {import('../../vendor/pocketbase.js').default} db
	 * @param {import('./shared_streams.js').Stream} stream
	 * @param {(items: LibraryItem[]) => void} [onItems] is called with what was read, before it is shown
	 */
	constructor(db, stream, onItems = () => {}) {
		this.#db = db;
		this.#stream = stream;
		this.#onItems = onItems;
	}

	get total() {
		return this.overview.value.total;
	}

	start() {
		this.#isStarted = true;
		this.#unsubscribes = [
			subscribe(this.#stream, 'meetings/*', ({ action, record }) => this.#change(action, record), () => this.#resume(), { fields, atOnce: true }),
			subscribe(this.#stream, 'recordings/*', () => this.refreshSoon(), async () => {}, { fields: recordingFields }), // sizes, and which copies exist
		];
	}

	#resume() {
		this.onResume();
		return this.refresh();
	}

	stop() {
		this.#stopped = true;
		for (const unsubscribe of this.#unsubscribes) unsubscribe();
		this.#refreshes.stop();
		clearTimeout(this.#refreshTimer);
	}

	/** Shows other meetings, or the same in another order. @param {LibraryView} view */
	show(view) {
		const known = this.view.value;
		if (JSON.stringify(known) === JSON.stringify(view)) return;
		this.view.value = view;
		if (haveSameMeetings(known, view)) return;
		this.#shown = [0, 0];
		this.scroll = 0;
		this.#oldest = ++this.#version; // what is being read isn't wanted any more
		this.loading.value = true;
		clearTimeout(this.#refreshTimer);
		this.#refreshTimer = undefined;
		if (!this.#isStarted) return;
		if (known.filter.title === view.filter.title) this.refresh();
		else this.#refreshTimer = setTimeout(() => this.refresh(), typingPause);
	}

	/** The meeting at a position; undefined until it is loaded. @param {number} index */
	at(index) {
		return this.pages.value.get(Math.floor(index / pageSize))?.[index % pageSize];
	}

	/** The position of a meeting; -1 unless it is loaded. @param {string} id */
	indexOf(id) {
		for (const [page, meetings] of this.pages.value) {
			const place = meetings.findIndex((meeting) => meeting.id === id);
			if (place >= 0) return page * pageSize + place;
		}
		return -1;
	}

	/** Selects what is shown on the server. */
	get filter() {
		return withTimeZone(this.readView.value.filter);
	}

	/** Loads what is shown: the meetings from one position, and before another one. @param {number} from @param {number} to */
	want(from, to) {
		const [first, last] = [from, Math.max(from, to - 1)].map((index) => Math.floor(Math.max(0, index) / pageSize));
		if (this.isCurrent.peek()) this.#shown = [first, last]; // otherwise the positions are those of other meetings
		for (let page = first; page <= last; page++) {
			if (!this.pages.peek().has(page) && page * pageSize < this.overview.peek().total) this.#load(page);
		}
	}

	/**
	 * Reads the meetings from one to another, both included; none if one of them isn't where it was.
	 * @param {Place} from
	 * @param {Place} to
	 */
	async range(from, to) {
		const [view, pages] = [this.readView.peek(), this.pages.peek()]; // what the user sees now, whatever follows
		const [first, last] = [from, to].map(({ id, index }) => {
			const known = this.indexOf(id);
			return known < 0 ? index : known;
		}).sort((a, b) => a - b);
		/** @type {Meeting[]} */
		const meetings = [];
		const windows = numbersBetween(Math.floor(first / pageSize), Math.floor(last / pageSize) + 1);
		const areLoaded = windows.every((page) => pages.has(page)); // those read now may begin at other meetings than the loaded ones
		for (const page of windows) meetings.push(...(areLoaded && pages.get(page)) || (await this.#read(view, page, { counts: false })).items);
		const [start, end] = [from, to].map(({ id }) => meetings.findIndex((meeting) => meeting.id === id)).sort((a, b) => a - b);
		return start < 0 ? [] : meetings.slice(start, end + 1);
	}

	/** @param {number} page */
	async #load(page) {
		if (this.#reading.has(page)) return;
		this.#reading.add(page);
		const [version, view] = [this.#version, this.readView.peek()];
		const isWanted = () => !this.#stopped && version === this.#version && view === this.readView.peek();
		try {
			const { items } = await this.#read(view, page, { counts: false });
			if (isWanted()) this.pages.value = this.#withoutFar(new Map(this.pages.value).set(page, items));
		} catch (error) {
			if (isWanted()) this.error.value = messageOf(error);
		} finally {
			this.#reading.delete(page);
			// Nobody has asked again for what was dropped because of a refresh, as long as it was being read.
			const isMissing = !this.pages.peek().has(page) && page >= this.#shown[0] && page <= this.#shown[1] && page * pageSize < this.overview.peek().total;
			if (!this.#stopped && version !== this.#version && isMissing) this.#load(page);
		}
	}

	/** @param {Map<number, Meeting[]>} pages */
	#withoutFar(pages) {
		const distance = (/** @type {number} */ page) => Math.max(this.#shown[0] - page, page - this.#shown[1], 0);
		return new Map([...pages].sort(([a], [b]) => distance(a) - distance(b)).slice(0, keptPages));
	}

	/** Reads what is shown, and counts, again. The rest is read when it is shown. */
	refresh() {
		clearTimeout(this.#refreshTimer);
		this.#refreshTimer = undefined;
		return this.#refreshes.run();
	}

	/** Refreshes soon, once for many calls. */
	refreshSoon() {
		if (this.#stopped) return;
		this.#refreshTimer ??= setTimeout(async () => {
			await this.#running;
			this.refresh();
		}, burstPause);
	}

	/** @param {number} version */
	async #refresh(version) {
		try {
			const [first, last] = this.#shown;
			const numbers = numbersBetween(first, last + 1);
			const view = this.view.value;
			const [all, ...read] = await Promise.all([
				isFiltered(view.filter, true) ? this.#count() : undefined,
				...numbers.map((page) => this.#read(view, page, { counts: page === first })),
			]);
			if (this.#stopped || version < this.#oldest) return;
			this.#oldest = version;
			const overview = /** @type {LibraryOverview} */ (read[0]);
			batch(() => {
				this.readView.value = view;
				this.pages.value = new Map(read.map(({ items }, n) => [first + n, items]));
				this.overview.value = { total: overview.total, seconds: overview.seconds, states: overview.states, months: overview.months, types: overview.types };
				this.states.value = (all ?? overview).states;
				this.loaded.value = true;
				this.loading.value = false;
				this.error.value = '';
			});
			if (first > 0 && first * pageSize >= overview.total) this.want(0, 1); // there were more before
		} catch (error) {
			if (this.#stopped || version !== this.#version) return;
			batch(() => {
				this.error.value = messageOf(error);
				this.loading.value = false;
			});
			throw error;
		}
	}

	/** Counts all meetings. @returns {Promise<LibraryPage>} */
	#count() {
		return this.#db.send('/api/library', { method: 'GET', query: { limit: 0 } });
	}

	/** @param {LibraryView} view @param {number} page @param {{counts: boolean}} options @returns {Promise<LibraryPage & {items: Meeting[]}>} */
	async #read({ filter, sort }, page, { counts }) {
		const query = { ...filter, sort, tz: timeZone(), offset: page * pageSize, limit: pageSize, ...(!counts && { counts: false }) };
		/** @type {LibraryPage} */
		const response = await this.#db.send('/api/library', { method: 'GET', query });
		this.#onItems(response.items);
		return { ...response, items: response.items.map(meetingOf) };
	}

	/** Applies what a realtime message reports: to known meetings at once, to the rest with the next refresh. @param {string} action @param {Meeting} record */
	#change(action, record) {
		if (action === 'delete') this.onDelete(record.id);
		const known = [...this.pages.value].find(([, meetings]) => meetings.some(({ id }) => id === record.id));
		if (!known || action === 'delete') {
			this.refreshSoon();
			return;
		}
		const [page, meetings] = known;
		const old = /** @type {Meeting} */ (meetings.find(({ id }) => id === record.id));
		if (isStale(record, old)) return;
		this.pages.value = new Map(this.pages.value).set(page, meetings.map((meeting) => (meeting.id === record.id ? { ...meeting, ...record } : meeting)));
		if (['recorded_at', 'title', 'duration'].some((field) => /** @type {any} */ (old)[field] !== /** @type {any} */ (record)[field])) this.refreshSoon();
	}

	/** Removes a meeting that the user has deleted. */
	removed() {
		this.refreshSoon();
	}
}

/** A meeting with the fields that the server leaves out because they are blank. @param {LibraryItem} item @returns {Meeting} */
const meetingOf = (item) => ({ loom_url: '', poster: '', withdrawn_at: '', recorded_by: null, size: 0, recording: '', ...item });
