// Short messages about what has just succeeded.
import { signal } from '../../vendor/signals.js';

const shownFor = 6_000; // milliseconds
const undoableFor = 10_000;

/** @typedef {{text: string, undo?: () => Promise<unknown>}} Announcement */

/** What is shown. @type {import('../../vendor/signals.js').Signal<Announcement | null>} */
export const announcement = signal(null);

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Shows a message for some seconds, which screen readers read out, with a button if it can be undone. @param {string} text @param {() => Promise<unknown>} [undo] */
export function announce(text, undo) {
	clearTimeout(timer);
	announcement.value = { text, undo };
	timer = setTimeout(hide, undo ? undoableFor : shownFor);
}

/** Undoes what was announced. */
export async function undoAnnounced() {
	const shown = announcement.value;
	hide();
	await shown?.undo?.();
}

function hide() {
	announcement.value = null;
}
