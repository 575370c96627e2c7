import { html } from './html.js';
import { markedParts } from './search_text.js';

/** A text in which matches are marked. @param {string} text @param {[number, number][]} [ranges] of the matches, as for markedParts */
export function markedText(text, ranges) {
	if (!ranges?.length) return text;
	return markedParts(text, ranges).map((part) => (part.isMatch ? html`<mark>${part.text}</mark>` : part.text));
}
