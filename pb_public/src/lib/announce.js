// Short messages about what has just succeeded.
import { signal } from '../../vendor/signals.js';

const shownFor = 6_000; // milliseconds

/** The message that is shown; blank for none. */
export const announcement = signal('');

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Shows a message for some seconds, which screen readers read out. @param {string} text */
export function announce(text) {
	clearTimeout(timer);
	announcement.value = text;
	timer = setTimeout(() => {
		announcement.value = '';
	}, shownFor);
}
