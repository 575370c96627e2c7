// The keys that move through the rows of the library: j and k from anywhere on the page, the arrows from a row.
import { useEffect, useLayoutEffect, useRef } from '../../vendor/preact-hooks.js';
import { isShortcut } from './shortcuts.js';

/**
 * @param {{root: {current: HTMLElement | null}, total: number, columns: number, focused: number, setFocused: (index: number) => void,
 *   reveal: (index: number) => void, firstOnScreen: number, onSelect: () => void}} list
 */
export function useRowKeys({ root, total, columns, focused, setFocused, reveal, firstOnScreen, onSelect }) {
	const wanted = useRef(/** @type {any} */ (-1)); // the row that gets the focus once it is loaded
	useLayoutEffect(() => {
		if (wanted.current < 0) return;
		const title = /** @type {HTMLElement | null | undefined} */ (root.current?.querySelector(`[data-index="${wanted.current}"] .row-title`));
		if (!title) return;
		wanted.current = -1;
		title.focus({ preventScroll: true });
	});
	useEffect(() => {
		/** @param {KeyboardEvent} event */
		const onKey = (event) => {
			if (!isShortcut(event)) return;
			const isInList = Boolean(root.current?.contains(document.activeElement));
			const step = stepOf(event.key, isInList, columns);
			if (step) {
				const index = Math.min(Math.max(focused < 0 ? firstOnScreen : focused + step, 0), total - 1);
				event.preventDefault();
				wanted.current = index;
				setFocused(index);
				reveal(index);
			} else if (event.key === 'x' && isInList && focused >= 0) {
				event.preventDefault();
				onSelect();
			}
		};
		addEventListener('keydown', onKey);
		return () => removeEventListener('keydown', onKey);
	});
	return { isMoving: () => wanted.current >= 0 };
}

/** How many rows a key moves; 0 for other keys. @param {string} key @param {boolean} isInList @param {number} columns */
function stepOf(key, isInList, columns) {
	if (key === 'j') return 1;
	if (key === 'k') return -1;
	if (!isInList) return 0;
	/** @type {Record<string, number>} */
	const steps = { ArrowDown: columns, ArrowUp: -columns, ...(columns > 1 && { ArrowRight: 1, ArrowLeft: -1 }) };
	return steps[key] ?? 0;
}
