import { html } from '../lib/html.js';

/**
 * Leads to the first month of each year, if there are several.
 * @param {{sections: import('../lib/row_layout.js').Section[], current: string, root: {current: HTMLElement | null}}} props
 */
export function YearRail({ sections, current, root }) {
	/** @type {Map<string, import('../lib/row_layout.js').Section>} */
	const years = new Map();
	for (const section of sections) {
		const year = section.name.slice(0, 4);
		if (year && !years.has(year)) years.set(year, section);
	}
	if (years.size < 2) return null;
	/** @param {number} top */
	const show = (top) => scrollBy({ top: (root.current?.getBoundingClientRect().top ?? 0) + top });
	return html`
		<nav class="years" aria-label="Years">
			${[...years].map(([year, { top }]) => html`
				<button type="button" key=${year} aria-current=${current.startsWith(year) ? 'true' : undefined} onClick=${() => show(top)}>${year}</button>`)}
		</nav>`;
}
