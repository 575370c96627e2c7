// A summary's Markdown as nodes: headings, paragraphs, lists, rules, bold,
// italics, code and web links. Anything else is shown as the text it is; HTML
// is never read as HTML.
import { useMemo } from '../../vendor/preact-hooks.js';
import { html } from './html.js';
import { safeURL } from './format.js';

/** @typedef {import('../../vendor/preact.js').Child} Child */
/** @typedef {{indent: number, ordered: boolean, text: string}} Item */

const headingLine = /^(#{1,6})\s+(.*?)\s*#*$/;
const ruleLine = /^\s*([-*_])(\s*\1){2,}\s*$/;
const itemLine = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
// Every part has a longest length, so that odd text can't keep the page busy.
const inlinePart = /\*\*(?=\S)(.{1,1000}?)\*\*|__(?=\S)(.{1,1000}?)__|`([^`]{1,1000})`|\[([^\]]{0,500})\]\(([^()\s]{0,2000})\)|\*(?=\S)([^*]{1,1000}?)\*/;

/** @param {{text: string}} props */
export function Markdown({ text }) {
	const blocks = useMemo(() => blocksOf(text), [text]);
	return html`<div class="prose">${blocks}</div>`;
}

/** @param {string} text @returns {Child[]} */
export function blocksOf(text) {
	const lines = text.replace(/\r\n?/g, '\n').split('\n');
	const top = Math.min(...lines.map((line) => headingLine.exec(line)?.[1].length ?? 6));
	/** @type {Child[]} */
	const blocks = [];
	for (let at = 0; at < lines.length;) {
		const line = lines[at];
		const heading = headingLine.exec(line);
		if (!line.trim()) {
			at++;
		} else if (heading) {
			const level = Math.min(heading[1].length - top + 3, 6); // h1 and h2 are the page's own
			blocks.push(html`<${`h${level}`}>${inline(heading[2])}</>`);
			at++;
		} else if (ruleLine.test(line)) {
			blocks.push(html`<hr />`);
			at++;
		} else if (itemLine.test(line)) {
			const items = takeItems(lines, at);
			blocks.push(list(items.found));
			at = items.next;
		} else {
			const from = at;
			while (at < lines.length && lines[at].trim() && !startsBlock(lines[at], at > from)) at++;
			blocks.push(html`<p>${inline(lines.slice(from, at).join('\n'))}</p>`);
		}
	}
	return blocks;
}

/** @param {string} line @param {boolean} inParagraph */
const startsBlock = (line, inParagraph) => inParagraph && (headingLine.test(line) || itemLine.test(line) || ruleLine.test(line));

/** @param {string[]} lines @param {number} at */
function takeItems(lines, at) {
	/** @type {Item[]} */
	const found = [];
	for (; at < lines.length; at++) {
		const match = itemLine.exec(lines[at]);
		if (match && !ruleLine.test(lines[at])) {
			const item = { indent: match[1].replace(/\t/g, '    ').length, ordered: /\d/.test(match[2]), text: match[3] };
			if (found.length && item.indent <= found[0].indent && item.ordered !== found[0].ordered) break; // another list
			found.push(item);
		} else if (lines[at].trim() && /^\s{2,}/.test(lines[at])) {
			found[found.length - 1].text += `\n${lines[at].trim()}`; // the item goes on
		} else if (lines[at].trim() || !itemLine.test(lines[at + 1] ?? '')) {
			break;
		}
	}
	return { found, next: at };
}

/** Items indented deeper become a list within the one above. @param {Item[]} items @returns {Child} */
function list(items) {
	/** @type {Child[]} */
	const nodes = [];
	for (let at = 0; at < items.length;) {
		let end = at + 1;
		while (end < items.length && items[end].indent > items[at].indent) end++;
		const inner = items.slice(at + 1, end);
		nodes.push(html`<li>${inline(items[at].text)}${inner.length > 0 && list(inner)}</li>`);
		at = end;
	}
	return items[0].ordered ? html`<ol>${nodes}</ol>` : html`<ul>${nodes}</ul>`;
}

/** @param {string} text @returns {Child[]} */
export function inline(text) {
	/** @type {Child[]} */
	const parts = [];
	for (let match = inlinePart.exec(text); match; match = inlinePart.exec(text)) {
		const [all, bold, strong, code, label, target, italic] = match;
		parts.push(text.slice(0, match.index));
		if (code !== undefined) parts.push(html`<code>${code}</code>`);
		else if (target !== undefined) parts.push(link(label, target));
		else if (italic !== undefined) parts.push(html`<em>${inline(italic)}</em>`);
		else parts.push(html`<strong>${inline(bold ?? strong)}</strong>`);
		text = text.slice(match.index + all.length);
	}
	parts.push(text);
	return parts;
}

/** @param {string} label @param {string} target @returns {Child} */
function link(label, target) {
	const href = safeURL(target);
	const words = inline(label || target);
	return href ? html`<a href=${href} target="_blank" rel="noopener noreferrer">${words}</a>` : html`<span>${words}</span>`;
}
