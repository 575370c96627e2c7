// What the library shows, as the query of its address: it can be bookmarked, shared and gone back to.
import { chips } from './library_state.js';
import { href } from './router.js';

/** @typedef {import('../data/types.js').LibraryFilter} LibraryFilter */
/** @typedef {'newest'|'oldest'|'title'|'longest'|'largest'} LibrarySort */
/** @typedef {{filter: LibraryFilter, sort: LibrarySort, view: 'list'|'grid'}} LibraryView */

/** @type {[LibrarySort, string][]} */
export const sorts = [['newest', 'Newest'], ['oldest', 'Oldest'], ['title', 'Title'], ['longest', 'Longest'], ['largest', 'Largest']];

/** Lengths to choose from, as "least-most" in minutes. @type {[string, string][]} */
export const lengths = [['', 'Any length'], ['-15', 'Under 15 min'], ['15-30', '15 to 30 min'], ['30-60', '30 to 60 min'], ['60-', '1 hour and more']];

const maxText = 200; // characters, as on the server

/** Whether a text is a day that is meant. While people type the year 2026, date fields report the years 2, 20 and 202. @param {string} text */
export const isDay = (text) => /^[1-9]\d{3}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** Reads a query, and leaves out what isn't valid. @param {string} query @returns {LibraryView} */
export function parseLibraryQuery(query) {
	const params = new URLSearchParams(query);
	const read = (/** @type {string} */ name) => (params.get(name) ?? '').slice(0, maxText);
	/** @type {LibraryFilter} */
	const filter = {};
	const state = chips.find((chip) => chip.state && chip.state === read('state'))?.state;
	if (state) filter.state = state;
	for (const name of /** @type {const} */ (['from', 'to'])) {
		if (isDay(read(name))) filter[name] = read(name);
	}
	for (const name of /** @type {const} */ (['title', 'person', 'type'])) {
		if (read(name).trim()) filter[name] = read(name);
	}
	const [, least = '', most = ''] = /^(\d{0,4})-(\d{0,4})$/.exec(read('length')) ?? [];
	if (Number(least) > 0) filter.min_minutes = Math.min(Number(least), 1440);
	if (Number(most) > 0) filter.max_minutes = Math.min(Number(most), 1440);
	return {
		filter, sort: sorts.find(([name]) => name === read('sort'))?.[0] ?? 'newest', view: read('view') === 'grid' ? 'grid' : 'list',
	};
}

/** The value of the choice of a length. @param {LibraryFilter} filter */
export const lengthOf = ({ min_minutes: least, max_minutes: most }) => (least || most ? `${least ?? ''}-${most ?? ''}` : '');

/** The address of the library. @param {LibraryView} view */
export function libraryHref({ filter, sort, view }) {
	const { state, from, to, person, type, title } = filter;
	const values = {
		state, from, to, person, type, title, length: lengthOf(filter), sort: sort === 'newest' ? '' : sort, view: view === 'list' ? '' : view,
	};
	const params = new URLSearchParams();
	for (const [name, value] of Object.entries(values)) {
		if (value) params.set(name, String(value));
	}
	return href(params.size ? `/?${params}` : '/');
}

/** Whether a filter leaves out meetings. With `besidesState`, the state doesn't count. @param {LibraryFilter} filter @param {boolean} [besidesState] */
export const isFiltered = (filter, besidesState = false) => Object.entries(filter)
	.some(([name, value]) => value && name !== 'tz' && !(besidesState && name === 'state'));

/** Whether two views have the same meetings in the same order. @param {LibraryView} a @param {LibraryView} b */
export const haveSameMeetings = (a, b) => JSON.stringify([a.filter, a.sort]) === JSON.stringify([b.filter, b.sort]);

/** The filter of several meetings as the server takes it. @param {LibraryFilter} filter @returns {LibraryFilter} */
export const withTimeZone = (filter) => ({ ...filter, ...((filter.from || filter.to) && { tz: timeZone() }) });

/** The reader's time zone. */
export const timeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
