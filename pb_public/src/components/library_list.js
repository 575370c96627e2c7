import { useEffect, useLayoutEffect, useMemo, useRef, useState } from '../../vendor/preact-hooks.js';
import { indexNow, noRow } from '../lib/focused_row.js';
import { monthName } from '../lib/format.js';
import { html } from '../lib/html.js';
import { layOut, numbersBetween, rowsBetween, sectionOf, topOf } from '../lib/row_layout.js';
import { useRowKeys } from '../lib/use_row_keys.js';
import { useRowMeasures } from '../lib/use_row_measures.js';
import { useScrollAnchor } from '../lib/use_scroll_anchor.js';
import { MeetingRow } from './meeting_row.js';
import { YearRail } from './year_rail.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */

const spareLines = 3; // that are rendered above and below those on the screen
const shortList = 50; // meetings; all of them are rendered, so that the browser can find them

/** The rows of the library, of which only those near the screen exist. @param {{workspace: Workspace}} props */
export function LibraryList({ workspace }) {
	const { meetings, selection } = workspace;
	const { sort, view } = meetings.view.value;
	const { months, total } = meetings.overview.value;
	const isByDate = sort === 'newest' || sort === 'oldest';
	const root = useRef(/** @type {HTMLElement | null} */ (null));
	const measures = useRowMeasures(root, view, isByDate);
	const layout = useMemo(
		() => layOut(isByDate ? months.map(({ month, count }) => ({ name: month, count })) : [{ name: '', count: total }], measures),
		[months, total, isByDate, measures],
	);
	const [screen, setScreen] = useState({ top: 0, bottom: globalThis.innerHeight });
	useLayoutEffect(() => {
		const look = () => {
			const line = measures.row; // a shorter movement shows no other rows
			const top = Math.floor(-(root.current?.getBoundingClientRect().top ?? 0) / line) * line;
			setScreen((known) => (known.top === top && known.bottom === top + innerHeight + line ? known : { top, bottom: top + innerHeight + line }));
		};
		look();
		addEventListener('scroll', look, { passive: true });
		addEventListener('resize', look);
		return () => {
			removeEventListener('scroll', look);
			removeEventListener('resize', look);
		};
	}, [measures, layout]);
	const [from, to] = total <= shortList ? [0, total] : rowsBetween(layout, screen.top - spareLines * measures.row, screen.bottom + spareLines * measures.row);
	useEffect(() => meetings.want(from, to), [from, to, meetings.pages.value]);
	const [firstOnScreen] = rowsBetween(layout, screen.top + measures.row, screen.bottom);
	useScrollAnchor({ root, layout, meetings, first: firstOnScreen });
	const [focus, setFocus] = useState(noRow);
	const focused = indexNow(focus, meetings);
	/** @param {number} index */
	const setFocused = (index) => setFocus(index < 0 ? noRow : { index, meeting: meetings.at(index) });
	/** @param {number} index */
	const reveal = (index) => {
		const top = (root.current?.getBoundingClientRect().top ?? 0) + topOf(layout, index);
		const margin = measures.heading + measures.row;
		if (top < margin) scrollBy({ top: top - margin });
		else if (top + measures.row > innerHeight - 16) scrollBy({ top: top + 2 * measures.row - innerHeight });
	};
	const { isMoving } = useRowKeys({ root, total, columns: measures.columns, focused, setFocused, reveal, firstOnScreen,
		onSelect: () => focus.meeting && selection.set(focus.meeting, indexNow(focus, meetings), !selection.has(focus.meeting.id)) });
	/** @param {any} event */
	const onFocusIn = ({ target }) => {
		if (!isMoving()) setFocused(Number(target.closest('[data-index]')?.dataset.index ?? -1)); // otherwise, a row that was removed has given it away
	};
	/** @param {any} event */
	const onFocusOut = ({ relatedTarget }) => relatedTarget && !root.current?.contains(relatedTarget) && setFocused(-1);
	const shown = new Set(numbersBetween(from, to));
	if (focused >= 0 && focused < total) shown.add(focused); // a row with the focus is never removed
	const sections = layout.sections.filter((section) => section === sectionOf(layout, focused)
		|| (section.first < to && section.first + section.count > from));
	return html`
		<div class=${`library ${view}`} ref=${root} aria-busy=${meetings.loading.value ? 'true' : undefined} inert=${!meetings.isCurrent.value} style=${{ height: `${layout.height}px` }} onFocusIn=${onFocusIn} onFocusOut=${onFocusOut}>
			${sections.map((section) => html`
				<section class="month" key=${section.name || 'all'} style=${{ top: `${section.top}px`, height: `${section.height}px` }}>
					${isByDate && html`<h2>${monthName(section.name)}</h2>`}
					<ul class="rows" style=${{ height: `${section.height - measures.heading}px` }}>
						${[...shown].filter((index) => index >= section.first && index < section.first + section.count).sort((a, b) => a - b).map((index) => {
		const place = index - section.first;
		const meeting = meetings.at(index) ?? (index === focused ? focus.meeting : undefined);
		return html`<${MeetingRow} key=${meeting?.id ?? index} workspace=${workspace} meeting=${meeting} index=${index} total=${total}
								line=${Math.floor(place / measures.columns)} column=${place % measures.columns} measures=${measures} />`;
	})}
					</ul>
				</section>`)}
		</div>
		${isByDate && html`<${YearRail} sections=${layout.sections} current=${sectionOf(layout, firstOnScreen)?.name ?? ''} root=${root} />`}`;
}
