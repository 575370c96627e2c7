import { useLayoutEffect, useRef } from '../../vendor/preact-hooks.js';
import { topOf } from './row_layout.js';

/** @typedef {import('./row_layout.js').Layout} Layout */
/** @typedef {Pick<import('../data/meeting_list.js').MeetingList, 'at'|'indexOf'|'view'|'isCurrent'|'loading'>} Meetings */

/**
 * Keeps the meetings on the screen where they are while others are added or removed above them. Browsers don't do this
 * for rows that are placed by their positions.
 * @param {object} options
 * @param {{current: HTMLElement | null}} options.root
 * @param {Layout} options.layout
 * @param {import('../data/meeting_list.js').MeetingList} options.meetings
 * @param {number} options.first the number of the first row on the screen
 */
export function useScrollAnchor({ root, layout, meetings, first }) {
	const anchor = useRef(/** @type {ReturnType<typeof anchorAt>} */ (null));
	useLayoutEffect(() => {
		const moved = movedSince(anchor.current, layout, meetings);
		if (moved && (root.current?.getBoundingClientRect().top ?? 0) < 0) scrollBy({ top: moved, behavior: 'instant' });
		anchor.current = anchorAt(first, layout, meetings);
	}, [layout, meetings.pages.value, meetings.view.value, meetings.isCurrent.value, meetings.loading.value, first]);
}

/**
 * A row and where it is; null while the meetings aren't those that are wanted, because the position on the screen is going to
 * be that of others.
 * @param {number} index
 * @param {Layout} layout
 * @param {Meetings} meetings
 */
export function anchorAt(index, layout, meetings) {
	if (!meetings.isCurrent.value || meetings.loading.value) return null;
	return { id: meetings.at(index)?.id ?? '', top: topOf(layout, index), view: meetings.view.value };
}

/** How far a row has moved within the same view. @param {ReturnType<typeof anchorAt>} before @param {Layout} layout @param {Meetings} meetings */
export function movedSince(before, layout, meetings) {
	if (before?.view !== meetings.view.value) return 0;
	const index = meetings.indexOf(before.id);
	return index < 0 ? 0 : topOf(layout, index) - before.top;
}
