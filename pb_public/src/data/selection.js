// The meetings on the list that the user has selected.
import { signal } from '../../vendor/signals.js';

/** @typedef {import('./types.js').Meeting} Meeting */

/**
 * It remembers meetings that a search hides, but only those on the list count as selected: nothing happens to what
 * the user doesn't see.
 */
export class Selection {
	#ids = signal(/** @type {Set<string>} */ (new Set()));
	/** The meeting that was selected or left out last. */
	#anchor = '';
	#list;

	/** @param {{items: {value: Meeting[]}}} list */
	constructor(list) {
		this.#list = list;
	}

	/** The selected meetings, in the order of the list. */
	get meetings() {
		return this.#list.items.value.filter(({ id }) => this.has(id));
	}

	/** @param {string} id */
	has(id) {
		return this.#ids.value.has(id);
	}

	/**
	 * Selects a meeting, or leaves it out.
	 * @param {string} id
	 * @param {boolean} isSelected
	 * @param {boolean} [isRange] does the same with all meetings from the last one to this one
	 */
	set(id, isSelected, isRange = false) {
		this.#change(isRange ? this.#between(this.#anchor, id) : [id], isSelected);
		this.#anchor = id;
	}

	/** Selects all meetings on the list, or leaves them out. @param {boolean} isSelected */
	setAll(isSelected) {
		this.#change(this.#list.items.value.map(({ id }) => id), isSelected);
	}

	clear() {
		this.#ids.value = new Set();
	}

	/** @param {string[]} ids @param {boolean} isSelected */
	#change(ids, isSelected) {
		const changed = new Set(this.#ids.value);
		for (const id of ids) {
			if (isSelected) changed.add(id);
			else changed.delete(id);
		}
		this.#ids.value = changed;
	}

	/**
	 * The meetings from one to another, in either order; only the latter if the former isn't on the list.
	 * @param {string} from
	 * @param {string} to
	 */
	#between(from, to) {
		const ids = this.#list.items.value.map(({ id }) => id);
		const ends = [ids.indexOf(from), ids.indexOf(to)].sort((a, b) => a - b);
		return ends[0] < 0 ? [to] : ids.slice(ends[0], ends[1] + 1);
	}
}
