// A transcript as passages: what one person says until another one speaks, in parts of a readable length.
import { momentText, timestampSeconds } from './format.js';

/** `start` is in seconds from the start of the recording. @typedef {{start: number, text: string}} Line */
/** @typedef {{speaker: string, start: number, lines: Line[], first: number}} Passage first is the number of its first line among all lines */
/** A match: its line, counted over all passages, and its range in UTF-16 code units. @typedef {{line: number, range: [number, number]}} Match */

const nobody = 'Unknown speaker';
const fullPassage = 600; // characters, after which a speaker begins another passage
const maxMatches = 10_000; // more are of no use to anybody

/**
 * The passages of a transcript. A line without a valid time begins with the one before it.
 * @param {import('../data/types.js').TranscriptItem[]} items
 */
export function passagesOf(items) {
	/** @type {Passage[]} */
	const passages = [];
	let [start, count, length] = [0, 0, 0];
	for (const item of items) {
		const text = (item.text ?? '').trim();
		start = timestampSeconds(item.timestamp) ?? start;
		if (!text) continue;
		const speaker = item.speaker?.display_name || nobody;
		const line = { start, text };
		const last = passages.at(-1);
		if (last?.speaker === speaker && length < fullPassage) {
			last.lines.push(line);
		} else {
			passages.push({ speaker, start, lines: [line], first: count });
			length = 0;
		}
		length += text.length;
		count++;
	}
	return passages;
}

/** All lines, in order. @param {Passage[]} passages */
export const linesOf = (passages) => passages.flatMap(({ lines }) => lines);

/** The number of the line that is spoken at a time; -1 before the first. @param {Line[]} lines @param {number} seconds */
export const lineAt = (lines, seconds) => lines.findLastIndex(({ start }) => start <= seconds);

/** A passage as text, to be pasted elsewhere. @param {Passage} passage */
export const passageText = ({ speaker, start, lines }) => `${speaker} (${momentText(start)})\n${lines.map(({ text }) => text).join(' ')}`;

/** A whole transcript as text. @param {Passage[]} passages */
export const transcriptText = (passages) => passages.map(passageText).join('\n\n');

/**
 * Where a text occurs, whatever its case; nowhere if it is blank. Spaces at its ends don't count.
 * @param {Line[]} lines
 * @param {string} query
 * @returns {Match[]}
 */
export function findMatches(lines, query) {
	const wanted = query.trim();
	if (!wanted) return [];
	const pattern = new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\s+/g, '\\s+'), 'giu');
	/** @type {Match[]} */
	const matches = [];
	for (const [line, { text }] of lines.entries()) {
		for (const found of text.matchAll(pattern)) {
			matches.push({ line, range: [found.index, found.index + found[0].length] });
			if (matches.length === maxMatches) return matches;
		}
	}
	return matches;
}
