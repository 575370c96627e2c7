import { useCallback, useEffect, useState } from '../../vendor/preact-hooks.js';

const place = 0.3; // of the height of the pane, above what is revealed

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

/** @param {HTMLElement} pane @param {Element} element */
function scrollPane(pane, element) {
	const distance = element.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight * place;
	const isFar = Math.abs(distance) > pane.clientHeight;
	const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
	pane.scrollBy({ top: distance, behavior: isFar || isCalm ? 'instant' : 'smooth' });
}
