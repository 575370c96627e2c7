import { useLayoutEffect, useRef } from '../../vendor/preact-hooks.js';
import { topOf } from './row_layout.js';

/**
 * Keeps the meetings on the screen where they are while others are added or removed above them. Browsers don't do this
 * for rows that are placed by their positions.
 * @param {object} options
 * @param {{current: HTMLElement | null}} options.root
 * @param {import('./row_layout.js').Layout} options.layout
 * @param {import('../data/meeting_list.js').MeetingList} options.meetings
 * @param {number} options.first the number of the first row on the screen
 */
export function useScrollAnchor({ root, layout, meetings, first }) {
	const anchor = useRef(/** @type {{id: string, top: number, view: unknown, read: unknown} | null} */ (null));
	const [view, read, isSettled] = [meetings.view.value, meetings.readView.value, meetings.isCurrent.value && !meetings.loading.value];
	useLayoutEffect(() => {
		const before = anchor.current;
		anchor.current = null;
		if (!isSettled) return; // the position on the screen is going to be that of other meetings
		const index = before?.view === view && before.read === read ? meetings.indexOf(before.id) : -1;
		const moved = before && index >= 0 ? topOf(layout, index) - before.top : 0;
		if (moved && (root.current?.getBoundingClientRect().top ?? 0) < 0) scrollBy({ top: moved, behavior: 'instant' });
		anchor.current = { id: meetings.at(first)?.id ?? '', top: topOf(layout, first), view, read };
	}, [layout, meetings.pages.value, view, read, isSettled, first]);
}
