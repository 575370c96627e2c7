// The meetings that the user has selected in the library, one by one or all that match its filter.
import { batch, signal } from '../../vendor/signals.js';

/** @typedef {import('./types.js').Meeting} Meeting */
/**
 * What is known about the selected meetings.
 * @typedef {object} Summary
 * @property {number} count
 * @property {number} bytes 0 unless the size of each is known
 * @property {number} seconds of recordings
 * @property {number} uncopied seconds of the recordings that aren't copied yet; 0 if unknown
 */

export class Selection {
	/** The selected meetings; if all are selected, those that are left out. @type {import('../../vendor/signals.js').Signal<ReadonlyMap<string, Meeting>>} */
	#chosen = signal(new Map());
	/** Whether all meetings that match the filter are selected, also those that aren't loaded. */
	isAll = signal(false);
	/** The position of the meeting that was selected or left out last. */
	#anchor = -1;
	#list;

	/**
	 * @param {{range: (from: number, to: number) => Promise<Meeting[]>, filter: import('./types.js').LibraryFilter, overview: {value: {total: number, seconds: number, states: {at_fathom: number}}},
	 *   items: {value: Meeting[]}}} list
	 */
	constructor(list) {
		this.#list = list;
	}

	/** @param {string} id */
	has(id) {
		return this.#chosen.value.has(id) !== this.isAll.value;
	}

	/** How many meetings are selected, and what is known about them. @returns {Summary} */
	get summary() {
		const chosen = this.#latest;
		const seconds = chosen.reduce((sum, meeting) => sum + meeting.duration, 0);
		const { total, seconds: all, states } = this.#list.overview.value;
		if (this.isAll.value) {
			const { state } = this.#list.filter;
			const isUncopied = state ? state === 'at_fathom' : states.at_fathom === total;
			const rest = Math.max(0, all - seconds);
			return { count: Math.max(0, total - chosen.length), bytes: 0, seconds: rest, uncopied: isUncopied ? rest : 0 };
		}
		const isKnown = chosen.every(({ size }) => size);
		return {
			count: chosen.length, bytes: isKnown ? chosen.reduce((sum, { size = 0 }) => sum + size, 0) : 0, seconds,
			uncopied: chosen.reduce((sum, { recording, duration }) => sum + (recording ? 0 : duration), 0),
		};
	}

	/** The selected meetings; none if all are selected, because most aren't loaded. */
	get meetings() {
		return this.isAll.value ? [] : this.#latest;
	}

	/** The chosen meetings as they are in the library now, if they are loaded. */
	get #latest() {
		const loaded = new Map(this.#list.items.value.map((meeting) => [meeting.id, meeting]));
		return [...this.#chosen.value.values()].map((meeting) => loaded.get(meeting.id) ?? meeting);
	}

	/** Selects the same meetings on the server. @returns {import('./types.js').MeetingSelection} */
	get request() {
		const ids = [...this.#chosen.value.values()].map(({ recording_id: id }) => id);
		if (!this.isAll.value) return { recording_ids: ids };
		return { library: this.#list.filter, ...(ids.length && { except: ids }) };
	}

	/**
	 * Selects a meeting, or leaves it out.
	 * @param {Meeting} meeting
	 * @param {number} index its position in the library
	 * @param {boolean} isSelected
	 * @param {boolean} [isRange] does the same with all meetings from the last one to this one, which may have to be loaded
	 */
	async set(meeting, index, isSelected, isRange = false) {
		const anchor = this.#anchor;
		this.#anchor = index;
		this.#change([meeting], isSelected);
		if (isRange && anchor >= 0) this.#change(await this.#list.range(anchor, index), isSelected);
	}

	/** Selects all meetings that match the filter. */
	selectAll() {
		this.clear();
		this.isAll.value = true;
	}

	clear() {
		batch(() => {
			this.#chosen.value = new Map();
			this.isAll.value = false;
		});
		this.#anchor = -1;
	}

	/** @param {Meeting[]} meetings @param {boolean} isSelected */
	#change(meetings, isSelected) {
		const changed = new Map(this.#chosen.value);
		for (const meeting of meetings) {
			if (isSelected !== this.isAll.value) changed.set(meeting.id, meeting);
			else changed.delete(meeting.id);
		}
		this.#chosen.value = changed;
	}
}
