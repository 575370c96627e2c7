// The meetings that the user has selected in the library, one by one or all that match its filter.
import { batch, signal } from '../../vendor/signals.js';
import { messageOf } from '../lib/errors.js';
import { haveSameMeetings } from '../lib/library_query.js';
import { isToCopy } from '../lib/transfer_state.js';

/** @typedef {import('./types.js').Meeting} Meeting */
/** @typedef {import('../lib/transfer_state.js').TransferState} TransferState */
/**
 * What is known about the selected meetings.
 * @typedef {object} Summary
 * @property {number} count
 * @property {number} bytes 0 unless the size of each is known
 * @property {number} seconds of recordings
 * @property {number} uncopied seconds of the recordings that would be copied; 0 if unknown
 */

export class Selection {
	/** Why the latest range could not be selected; blank if it could. */
	error = signal('');
	/** Whether all meetings that match the filter are selected, also those that aren't loaded. */
	isAll = signal(false);
	/** Is called when the first meeting is selected. */
	onBegin = () => {};

	/** The selected meetings; if all are selected, those that are left out. @type {import('../../vendor/signals.js').Signal<ReadonlyMap<string, Meeting>>} */
	#chosen = signal(new Map());
	/** The meeting that was selected or left out last. @type {import('./meeting_list.js').Place & {view: import('../lib/library_query.js').LibraryView} | null} */
	#anchor = null;
	/** Counts the selections that were begun. What was read for an earlier one is out of date. */
	#generation = 0;
	#list;
	#phaseOf;

	/**
	 * @param {Pick<import('./meeting_list.js').MeetingList, 'range'|'indexOf'|'filter'|'isCurrent'|'readView'|'items'> & {overview: {value: {total: number, seconds: number, states: {at_fathom: number}}}}} list
	 * @param {(recordingID: number) => TransferState['phase']} phaseOf of the transfer of a recording
	 */
	constructor(list, phaseOf) {
		this.#list = list;
		this.#phaseOf = phaseOf;
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
			uncopied: chosen.reduce((sum, { recording, recording_id: id, duration }) => sum + (recording || !isToCopy(this.#phaseOf(id)) ? 0 : duration), 0),
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
	 * Selects a meeting that is shown, or leaves it out.
	 * @param {Meeting} meeting
	 * @param {number} index its position in the library
	 * @param {boolean} isSelected
	 * @param {boolean} [isRange] does the same with all meetings from the last one to this one, which may have to be loaded
	 */
	async set(meeting, index, isSelected, isRange = false) {
		if (!this.#list.isCurrent.peek()) return;
		const [anchor, view] = [this.#anchor, this.#list.readView.peek()];
		this.#anchor = { id: meeting.id, index, view };
		this.#change([meeting], isSelected);
		if (isRange && anchor && haveSameMeetings(anchor.view, view)) await this.#setRange(anchor, this.#anchor, isSelected);
	}

	/**
	 * @param {import('./meeting_list.js').Place} from
	 * @param {import('./meeting_list.js').Place} to
	 * @param {boolean} isSelected
	 */
	async #setRange(from, to, isSelected) {
		const [generation, before] = [this.#generation, this.#chosen.peek()];
		try {
			const meetings = await this.#list.range(from, to);
			if (generation !== this.#generation) return;
			const now = this.#chosen.peek();
			this.#change(meetings.filter(({ id }) => before.has(id) === now.has(id)), isSelected); // the user has changed the others since
		} catch (error) {
			if (generation === this.#generation) this.error.value = messageOf(error);
		}
	}

	/** Selects all meetings that match the filter. */
	selectAll() {
		if (!this.#list.isCurrent.peek()) return;
		this.clear();
		this.isAll.value = true;
		this.onBegin();
	}

	clear() {
		this.#generation++;
		batch(() => {
			this.#chosen.value = new Map();
			this.isAll.value = false;
			this.error.value = '';
		});
		this.#anchor = null;
	}

	/** Forgets a meeting that was deleted. @param {string} id */
	remove(id) {
		if (!this.#chosen.peek().has(id)) return;
		const rest = new Map(this.#chosen.peek());
		rest.delete(id);
		this.#chosen.value = rest;
	}

	/** Forgets the meetings that don't exist any more. @param {(recordingIDs: number[]) => Promise<{id: string}[]>} read reads those that exist */
	async forgetDeleted(read) {
		const chosen = [...this.#chosen.peek().values()];
		const existing = new Set((await read(chosen.map(({ recording_id: id }) => id))).map(({ id }) => id));
		for (const { id } of chosen) {
			if (!existing.has(id)) this.remove(id);
		}
	}

	/** @param {Meeting[]} meetings @param {boolean} isSelected */
	#change(meetings, isSelected) {
		const changed = new Map(this.#chosen.value);
		for (const meeting of meetings) {
			if (isSelected !== this.isAll.value) changed.set(meeting.id, meeting);
			else changed.delete(meeting.id);
		}
		const isFirst = !this.isAll.peek() && !this.#chosen.peek().size && changed.size > 0;
		batch(() => {
			this.#chosen.value = changed;
			this.error.value = '';
		});
		if (isFirst) this.onBegin();
	}
}
