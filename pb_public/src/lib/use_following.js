import { useCallback, useEffect, useState } from '../../vendor/preact-hooks.js';

const place = 0.3; // of the height of the pane, above what is revealed
const maxCorrections = 4;

/**
 * Whether a pane follows a player. It stops when the user scrolls (`leave`), and starts again at their wish (`follow`) or when they
 * choose another moment. `reveal` scrolls the pane, and nothing around it, to an element.
 * @param {{current: HTMLElement | null}} pane
 * @param {HTMLMediaElement | null} media
 */
export function useFollowing(pane, media) {
	const [isFollowing, setFollowing] = useState(true);
	const follow = useCallback(() => setFollowing(true), []);
	const leave = useCallback(() => setFollowing(false), []);
	useEffect(() => {
		media?.addEventListener('seeking', follow);
		return () => media?.removeEventListener('seeking', follow);
	}, [media]);
	const reveal = useCallback((/** @type {Element} */ element) => {
		if (pane.current && !isSelecting(pane.current)) scrollPane(pane.current, element);
	}, []);
	return { isFollowing, follow, leave, reveal };
}

/** @param {HTMLElement} pane */
function isSelecting(pane) {
	const selection = getSelection();
	return Boolean(selection && !selection.isCollapsed && selection.anchorNode && pane.contains(selection.anchorNode));
}

/**
 * How far to scroll a pane, so that an element is below its top. A passage above it then begins at the top, rather than with half a
 * line, unless it is so long that the element would be far below.
 * @param {HTMLElement} pane
 * @param {Element} element
 */
function distanceTo(pane, element) {
	const { top } = pane.getBoundingClientRect();
	/** @param {Element} of */
	const from = (of) => of.getBoundingClientRect().top - top;
	const wanted = from(element) - pane.clientHeight * place;
	let passage = element.closest('li');
	while (passage && from(passage) > wanted) passage = /** @type {HTMLLIElement | null} */ (passage.previousElementSibling);
	return passage && wanted - from(passage) < pane.clientHeight * place ? from(passage) : wanted;
}

/**
 * Scrolls a pane to an element. The heights of passages that were never in view are estimates until the pane gets there, so a
 * long way is corrected in the next frames.
 * @param {HTMLElement} pane
 * @param {Element} element
 * @param {number} [corrections] that are left; undefined at first
 */
function scrollPane(pane, element, corrections) {
	const distance = distanceTo(pane, element);
	const isFar = corrections !== undefined || Math.abs(distance) > pane.clientHeight;
	const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
	pane.scrollBy({ top: distance, behavior: isFar || isCalm ? 'instant' : 'smooth' });
	const left = corrections ?? maxCorrections;
	if (isFar && left > 0) requestAnimationFrame(() => scrollPane(pane, element, left - 1));
}
