import { useLayoutEffect } from '../../vendor/preact-hooks.js';

/**
 * Returns to the position that a page had when it was left.
 * @param {() => number} get the position to return to, when the page opens
 * @param {(position: number) => void} set remembers the position
 */
export function useScrollPosition(get, set) {
	useLayoutEffect(() => {
		const previous = get();
		requestAnimationFrame(() => scrollTo(0, previous));
		const remember = () => set(scrollY);
		addEventListener('scroll', remember, { passive: true });
		return () => removeEventListener('scroll', remember);
	}, []);
}
