// Where the focus goes when the element that has it disappears.

/** Elements that get the focus: headings, titles of rows, and what is marked for it. */
export const landings = 'h1, h2, h3, .row-title, [data-landing]';

/**
 * An element of the path from what has disappeared up to the page, and the element before its place.
 * @typedef {{element: HTMLElement, before: Node | null}} Step
 */

/**
 * The landing nearest to what has disappeared: within the closest ancestor that is left or, if it has none, before it on the page.
 * @param {Step[]} steps from what has disappeared to the page
 * @param {(element: HTMLElement) => number} distance how far an element is from the place of what has disappeared
 * @returns {HTMLElement | null}
 */
export function landingNear(steps, distance) {
	for (const [at, { before }] of steps.entries()) {
		const home = steps[at + 1]?.element;
		if (!home?.isConnected) continue;
		for (let next = before; next; next = next.previousSibling) {
			const found = landingsIn(next);
			if (found.length) return found.reduce((nearest, candidate) => (distance(candidate) < distance(nearest) ? candidate : nearest));
		}
		const first = /** @type {HTMLElement | null} */ (home.querySelector(landings));
		if (first) return first;
	}
	return null;
}

/** @param {Node} node @returns {HTMLElement[]} */
function landingsIn(node) {
	const element = /** @type {HTMLElement} */ (node);
	if (!element.matches || !element.isConnected) return []; // a text, or what has disappeared, too
	return element.matches(landings) ? [element] : [...element.querySelectorAll(landings)].map((found) => /** @type {HTMLElement} */ (found));
}
