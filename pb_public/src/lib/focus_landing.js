// Where the focus goes when the element that has it disappears.

/** Elements that get the focus: headings, titles of rows, and what is marked for it. */
export const landings = 'h1, h2, h3, .row-title, [data-landing]';

/**
 * What gets the focus: the first row that has been added above what has disappeared, as when a list ends with its last rows;
 * otherwise the nearest row of its list, or the heading of what it was part of.
 * @param {HTMLElement[]} path from what has disappeared to the page
 * @param {Node | null} before what was before the outermost part that has disappeared
 * @param {ReadonlySet<Node>} added what has appeared at the same time
 * @param {(element: HTMLElement) => number} distance how far an element is from the place of what has disappeared
 * @returns {HTMLElement | null}
 */
export function landingFor(path, before, added, distance) {
	for (let next = before; next; next = next.previousSibling) {
		const found = /** @type {HTMLElement} */ (next).isConnected && landingsIn(next).find((landing) => isWithin(landing, added));
		if (found) return found;
	}
	for (const home of path.filter(({ isConnected }) => isConnected)) {
		const found = landingsIn(home);
		if (found.length) return isList(home) ? found.reduce((nearest, landing) => (distance(landing) < distance(nearest) ? landing : nearest)) : found[0];
	}
	return null;
}

/** @param {HTMLElement} element */
const isList = ({ localName }) => localName === 'ul' || localName === 'ol';

/** The landings among the parts of an element. @param {Node} node @returns {HTMLElement[]} */
const landingsIn = (node) => [.../** @type {HTMLElement} */ (node).querySelectorAll?.(landings) ?? []].map((found) => /** @type {HTMLElement} */ (found));

/** @param {Node} node @param {ReadonlySet<Node>} others */
function isWithin(node, others) {
	for (let next = /** @type {Node | null} */ (node); next; next = next.parentNode) {
		if (others.has(next)) return true;
	}
	return false;
}
