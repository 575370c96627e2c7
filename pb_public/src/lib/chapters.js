// The chapters of a recording, as a player needs them.

/** @typedef {import('../data/types.js').Chapter} Chapter */

/**
 * The cues of a player's track of chapters: each ends where the next one starts.
 * @param {Chapter[]} chapters
 * @param {number} length of the recording in seconds; not a positive number if it is unknown
 */
export function chapterCues(chapters, length) {
	return chapters.map(({ start, title }, index) => {
		const next = chapters[index + 1]?.start ?? (length > 0 && length < Infinity ? length : 0);
		return { start, end: Math.max(next, start + 1), title };
	});
}

/**
 * The index of the chapter that is played at a time; -1 if there are no chapters.
 * @param {Chapter[]} chapters
 * @param {number} seconds
 */
export const chapterAt = (chapters, seconds) => chapters.findLastIndex(({ start }) => start <= seconds);
