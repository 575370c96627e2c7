// Keeps the focus when the element that has it disappears, for example a button that has done its work. Browsers leave
// it to the document, so that people who use a keyboard or a screen reader lose their place.
import { landingFor, landings } from './focus_landing.js';

/**
 * Moves the focus to what is marked with data-landing, or to the heading or the title of the row above what has disappeared.
 * The latter is scrolled into view. An element with data-keep is found again where it appears next.
 * @param {HTMLElement} root
 */
export function keepFocus(root) {
	/** The focused element and its ancestors up to the root. @type {HTMLElement[]} */
	let path = [];
	let place = 0; // of the focused element on the page, in pixels
	/** @param {MutationRecord[]} records */
	const landingAmong = (records) => {
		const lost = path.findLast(({ isConnected }) => !isConnected);
		const before = records.find(({ removedNodes }) => [...removedNodes].includes(/** @type {Node} */ (lost)))?.previousSibling ?? null;
		const added = new Set(records.flatMap(({ addedNodes }) => [...addedNodes]));
		return landingFor([...path, root], before, added, (element) => Math.abs(placeOf(element) - place));
	};
	const measure = () => {
		if (path[0]?.isConnected) place = placeOf(path[0]);
	};
	root.addEventListener('focusin', (event) => {
		path = pathTo(/** @type {HTMLElement} */ (event.target), root);
		measure();
	});
	document.addEventListener('click', measure, { capture: true }); // the page may have changed since
	// A press beside the focused element gives the focus up.
	document.addEventListener('pointerdown', (event) => {
		if (path.length && !path[0].contains(/** @type {Node} */ (event.target))) path = [];
	}, { capture: true });
	new MutationObserver((records) => {
		if (!path.length || path[0].isConnected) return;
		if (document.activeElement && document.activeElement !== document.body) return;
		const target = movedTarget(path, root) ?? landingAmong(records);
		path = [];
		if (!target) return;
		if (target.tabIndex < 0) target.tabIndex = -1; // makes a heading focusable
		target.focus({ preventScroll: true });
		if (!target.matches('[data-landing]')) target.scrollIntoView({ block: 'nearest' });
	}).observe(root, { childList: true, subtree: true });
}

/** @param {HTMLElement} element */
const placeOf = (element) => element.getBoundingClientRect().top + scrollY;

/** @param {HTMLElement} element @param {HTMLElement} root */
function pathTo(element, root) {
	const path = [];
	for (let next = /** @type {HTMLElement | null} */ (element); next && next !== root; next = next.parentElement) path.push(next);
	return path;
}

/** The title of an element that has appeared elsewhere. @param {HTMLElement[]} path @param {HTMLElement} root @returns {HTMLElement | null} */
function movedTarget(path, root) {
	for (const { dataset, isConnected } of path) {
		const moved = !isConnected && dataset.keep && root.querySelector(`[data-keep="${CSS.escape(dataset.keep)}"]`);
		if (moved) return moved.querySelector(landings);
	}
	return null;
}
