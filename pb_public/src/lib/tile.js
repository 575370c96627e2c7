// The tile of a meeting without a poster. The server draws the same ones, in app/poster; lists need no request for them.
import { titleText } from './meeting_title.js';

const colours = 8; // in app.css

/** @param {string} word */
const firstLetter = (word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? '';

/** Letters whose upper case is longer, such as ß, are kept. @param {string} letter */
function upperCase(letter) {
	const upper = letter.toUpperCase();
	return [...upper].length === 1 ? upper : letter;
}

/** The first letters or digits of the first two words that have any. @param {string} title */
export const initials = (title) => titleText(title).trim().split(/\s+/).map(firstLetter).filter(Boolean).slice(0, 2).map(upperCase).join('');

/** The number of a meeting's colour: the FNV-1a hash of the id of its record. @param {string} id */
export function tileColour(id) {
	let hash = 0x811c9dc5;
	for (const byte of new TextEncoder().encode(id)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
	return hash % colours;
}
