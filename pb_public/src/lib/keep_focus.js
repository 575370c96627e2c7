// Keeps the focus when the element that has it disappears, for example a button that has done its work. Browsers leave
// it to the document, so that people who use a keyboard or a screen reader lose their place.

/**
 * Moves the focus to the heading, or the title of the row, above what has disappeared, and scrolls it into view. An
 * element with data-keep is found again where it appears next.
 * @param {HTMLElement} root
 */
export function keepFocus(root) {
	/** The focused element and its ancestors up to the root. @type {HTMLElement[]} */
	let path = [];
	root.addEventListener('focusin', (event) => {
		path = pathTo(/** @type {HTMLElement} */ (event.target), root);
	});
	// A press beside the focused element gives the focus up.
	document.addEventListener('pointerdown', (event) => {
		if (path.length && !path[0].contains(/** @type {Node} */ (event.target))) path = [];
	}, { capture: true });
	new MutationObserver(() => {
		if (!path.length || path[0].isConnected) return;
		if (document.activeElement && document.activeElement !== document.body) return;
		const target = landingFor(path, root);
		path = [];
		if (!target) return;
		if (target.tabIndex < 0) target.tabIndex = -1; // makes a heading focusable
		target.focus({ preventScroll: true });
		target.scrollIntoView({ block: 'nearest' });
	}).observe(root, { childList: true, subtree: true });
}

/** @param {HTMLElement} element @param {HTMLElement} root */
function pathTo(element, root) {
	const path = [];
	for (let next = /** @type {HTMLElement | null} */ (element); next && next !== root; next = next.parentElement) path.push(next);
	return path;
}

const titles = 'h1, h2, h3, .row-title';

/** @param {HTMLElement[]} path from an element that has disappeared @param {HTMLElement} root @returns {HTMLElement | null} */
function landingFor(path, root) {
	for (const { dataset, isConnected } of path) {
		const moved = !isConnected && dataset.keep && root.querySelector(`[data-keep="${CSS.escape(dataset.keep)}"]`);
		if (moved) return moved.querySelector(titles);
	}
	for (let home = path.find(({ isConnected }) => isConnected) ?? root; home; home = home === root ? /** @type {any} */ (null) : home.parentElement ?? root) {
		const title = /** @type {HTMLElement | null} */ (home.querySelector(titles));
		if (title) return title;
	}
	return null;
}
