// The row of the library that has the focus. The focus moves with its meeting when others are added above.

/** @typedef {import('../data/types.js').Meeting} Meeting */
/** meeting is undefined if it isn't loaded yet. @typedef {{index: number, meeting: Meeting | undefined}} FocusedRow */

/** @type {FocusedRow} */
export const noRow = { index: -1, meeting: undefined };

/**
 * The position at which a row with the focus is now. A meeting that isn't loaded any more is assumed where it was.
 * @param {FocusedRow} row
 * @param {{indexOf: (id: string) => number}} meetings
 */
export function indexNow({ index, meeting }, meetings) {
	const known = meeting ? meetings.indexOf(meeting.id) : -1;
	return known < 0 ? index : known;
}
