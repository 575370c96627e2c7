import { useEffect, useState } from '../../vendor/preact-hooks.js';

/** @typedef {import('./row_layout.js').Measures} Measures */

const narrow = '(max-width: 40rem)';

/**
 * The sizes of rows and headings in pixels, as in app.css: those of a phone or of a larger screen.
 * @param {{current: HTMLElement | null}} root
 * @param {'list'|'grid'} view
 * @param {boolean} hasHeadings
 * @returns {Measures}
 */
export function useRowMeasures(root, view, hasHeadings) {
	const measure = () => {
		const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
		const isNarrow = matchMedia(narrow).matches;
		const width = (root.current?.clientWidth || Math.min(innerWidth - 32, 1100)) / rem;
		const list = { row: (isNarrow ? 8.5 : 5.5) * rem, columns: 1 };
		const grid = { row: 17.5 * rem, columns: Math.max(1, Math.floor(width / 16)) };
		return { ...(view === 'grid' ? grid : list), heading: hasHeadings ? 3 * rem : 0 };
	};
	const [measures, setMeasures] = useState(measure);
	useEffect(() => {
		const update = () => setMeasures((known) => {
			const next = measure();
			return JSON.stringify(known) === JSON.stringify(next) ? known : next;
		});
		update();
		addEventListener('resize', update);
		return () => removeEventListener('resize', update);
	}, [view, hasHeadings]);
	return measures;
}
