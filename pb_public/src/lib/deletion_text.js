// What people are told before they delete several stored videos.
import { countText } from './format.js';

/** What is left of the videos. @param {number} missing how many of them aren't on Loom */
export function consequenceText(missing) {
	if (!missing) return 'The videos on Loom are kept.';
	return `${countText(missing, 'of them is', 'of them are')} not on Loom yet. You can copy ${missing === 1 ? 'it' : 'them'} again.`;
}
