import { useEffect, useMemo, useState } from '../../vendor/preact-hooks.js';
import { copyText } from '../lib/copy_text.js';
import { momentText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { markedText } from '../lib/marked_text.js';
import { momentHref } from '../lib/router.js';
import { passageText } from '../lib/transcript.js';
import { Copy, Link } from './icons.js';
import { Timestamp } from './timestamp.js';

/** @typedef {import('../lib/transcript.js').Passage} Passage */
/** @typedef {import('../lib/transcript.js').Match} Match */

const step = 100; // passages that are drawn at once

/**
 * The passages of a transcript. There can be thousands of lines, so they are drawn step by step, at first up to the one that
 * is `needed`, and change only with their props. Each line can be clicked to play it; for keyboards, there is the time of each
 * passage.
 * @param {{id: string, passages: Passage[], matches: Match[], needed: number, onSeek?: (seconds: number) => void}} props needed is
 *   the number of a line
 */
export function Passages({ id, passages, matches, needed, onSeek }) {
	const [count, setCount] = useState(step);
	const drawn = Math.max(count, passages.findLastIndex(({ first }) => first <= needed) + 1);
	useEffect(() => {
		if (drawn >= passages.length) return undefined;
		const timer = setTimeout(() => setCount(drawn + step));
		return () => clearTimeout(timer);
	}, [drawn, passages]);
	/** @param {any} event */
	const seek = (event) => {
		const at = event.target.closest('.line')?.dataset.at;
		if (at !== undefined && getSelection()?.isCollapsed) onSeek?.(Number(at)); // otherwise the user selects text
	};
	const items = useMemo(() => {
		const ranges = rangesByLine(matches);
		return passages.map((passage) => html`<${PassageItem} key=${passage.first} id=${id} passage=${passage} ranges=${ranges} onSeek=${onSeek} />`);
	}, [id, passages, matches, onSeek]);
	return html`<ol class=${onSeek ? 'transcript seekable' : 'transcript'} onClick=${seek}>${items.slice(0, drawn)}</ol>`;
}

/** @param {Match[]} matches */
function rangesByLine(matches) {
	/** @type {Map<number, [number, number][]>} */
	const ranges = new Map();
	for (const { line, range } of matches) ranges.set(line, [...(ranges.get(line) ?? []), range]);
	return ranges;
}

/** @param {{id: string, passage: Passage, ranges: Map<number, [number, number][]>, onSeek?: (seconds: number) => void}} props */
function PassageItem({ id, passage, ranges, onSeek }) {
	const { speaker, start, lines, first } = passage;
	const at = momentText(start);
	return html`
		<li>
			<div class="speaker">
				<strong dir="auto">${speaker}</strong> <${Timestamp} at=${start} onSeek=${onSeek} />
				<span class="passage-tools">
					<button type="button" aria-label=${`Copy what ${speaker} says at ${at}`} title="Copy" onClick=${() => copyText(passageText(passage), 'The passage is copied.')}><${Copy} /></button>
					<button type="button" aria-label=${`Copy link to ${at}`} title="Copy link" onClick=${() => copyText(momentHref(id, start), `The link to ${at} is copied.`)}><${Link} /></button>
				</span>
			</div>
			<p dir="auto">${lines.map((line, index) => html`<span class="line" data-line=${first + index} data-at=${line.start}>${markedText(line.text, ranges.get(first + index))}</span>${' '}`)}</p>
		</li>`;
}
