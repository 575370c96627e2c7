// What a search has found, as text.

/** @typedef {import('../data/types.js').SearchMatch} SearchMatch */

/** @type {Record<string, string>} */
const fieldNames = {
	title: 'Title', people: 'People', summary: 'Summary', action_item: 'Action item', highlight: 'Highlight', transcript: 'Said',
};

/**
 * A search as it is sent to the server: its last word may be the beginning of one, because it may still be typed.
 * @param {string} query
 */
export function openEnded(query) {
	const isPhrase = (query.split('"').length - 1) % 2 === 1;
	const [last = ''] = query.match(/\S+$/) ?? [];
	const isWord = /^[\p{L}\p{N}]{2,}$/u.test(last) && !/^(AND|OR|NOT)$/.test(last) && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u.test(last);
	return isWord && !isPhrase ? `${query}*` : query;
}

/** Where a text was found: "Summary", "Ada Lovelace said". @param {SearchMatch} match */
export function sourceText({ field, speaker }) {
	if (field === 'transcript' && speaker) return `${speaker} said`;
	return fieldNames[field] ?? 'Text';
}

/**
 * Divides a text into parts that match and parts that don't. Ranges that don't fit the text are left out, so that the
 * parts always make up the whole text.
 * @param {string} text
 * @param {[number, number][]} ranges in order, in UTF-16 code units
 * @returns {{text: string, isMatch: boolean}[]}
 */
export function markedParts(text, ranges) {
	const parts = [];
	let end = 0;
	for (const [from, to] of ranges) {
		if (!(from >= end && to > from && to <= text.length)) continue;
		if (from > end) parts.push({ text: text.slice(end, from), isMatch: false });
		parts.push({ text: text.slice(from, to), isMatch: true });
		end = to;
	}
	if (end < text.length) parts.push({ text: text.slice(end), isMatch: false });
	return parts;
}
