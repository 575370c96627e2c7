// Where the rows of a long list are. All of a list's height is known without its rows, because they have one height.

/**
 * Rows of one group, below its heading: `count` of them from number `first`. Lengths are in pixels from the list's top.
 * @typedef {{name: string, first: number, count: number, top: number, height: number}} Section
 */

/**
 * heading is 0 if groups have no headings.
 * @typedef {{row: number, heading: number, columns: number}} Measures
 */

/** @typedef {{sections: Section[], height: number, measures: Measures}} Layout */

/**
 * @param {{name: string, count: number}[]} groups in their order
 * @param {Measures} measures
 * @returns {Layout}
 */
export function layOut(groups, measures) {
	let [first, top] = [0, 0];
	/** @type {Section[]} */
	const sections = [];
	for (const { name, count } of groups) {
		const height = measures.heading + Math.ceil(count / measures.columns) * measures.row;
		sections.push({ name, first, count, top, height });
		first += count;
		top += height;
	}
	return { sections, height: top, measures };
}

/** The numbers from one, and before another one. @param {number} from @param {number} to */
export const numbersBetween = (from, to) => [...Array(Math.max(0, to - from)).keys()].map((n) => from + n);

/** The section of a row. @param {Layout} layout @param {number} index */
export const sectionOf = ({ sections }, index) => sections.find(({ first, count }) => index >= first && index < first + count);

/** Where a row begins. @param {Layout} layout @param {number} index */
export function topOf(layout, index) {
	const section = sectionOf(layout, index);
	if (!section) return 0;
	const { row, heading, columns } = layout.measures;
	return section.top + heading + Math.floor((index - section.first) / columns) * row;
}

/**
 * The rows between two positions: from the first number, and before the second.
 * @param {Layout} layout @param {number} top @param {number} bottom
 * @returns {[number, number]}
 */
export function rowsBetween({ sections, measures: { row, heading, columns } }, top, bottom) {
	const shown = sections.filter((section) => section.top < bottom && section.top + section.height > top);
	if (!shown.length) return [0, 0];
	const [first, last] = [shown[0], shown[shown.length - 1]];
	const line = (/** @type {Section} */ section, /** @type {number} */ at) => Math.max(0, at - section.top - heading) / row;
	return [
		first.first + Math.min(first.count, Math.floor(line(first, top)) * columns),
		last.first + Math.min(last.count, Math.ceil(line(last, bottom)) * columns),
	];
}
