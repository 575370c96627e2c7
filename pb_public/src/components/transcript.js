import { useEffect, useMemo, useRef, useState } from '../../vendor/preact-hooks.js';
import { countText, timestampSeconds } from '../lib/format.js';
import { html } from '../lib/html.js';
import { Button } from './button.js';
import { Timestamp } from './timestamp.js';

/** @typedef {import('../data/types.js').TranscriptItem} Item */
/** @typedef {{speaker: string, at: string | undefined, texts: string[]}} Passage */

const shownAtFirst = 30; // passages

/**
 * @param {{transcript: import('../data/types.js').Transcript | null, missing: any, at?: number, isShown?: boolean, onSeek?: (seconds: number) => void}} props
 *   missing is shown if there is no transcript. What is said at a moment is marked and, with isShown, scrolled to.
 */
export function Transcript({ transcript, missing, at, isShown = false, onSeek }) {
	const [all, setAll] = useState(false);
	const passages = useMemo(() => passagesOf(transcript?.items ?? []), [transcript]);
	const marked = at === undefined ? -1 : passages.findLastIndex(({ at: time }) => (timestampSeconds(time) ?? Infinity) <= at);
	const passage = useRef(/** @type {HTMLElement | null} */ (null));
	useEffect(() => {
		if (isShown) passage.current?.scrollIntoView({ block: 'center' });
	}, [marked, isShown]);
	if (!passages.length) {
		return html`
			<section>
				<h2>Transcript</h2>
				${missing}
			</section>`;
	}
	const shown = all || marked >= shownAtFirst ? passages : passages.slice(0, shownAtFirst);
	return html`
		<section>
			<h2>Transcript</h2>
			<ol class="transcript">
				${shown.map(({ speaker, at: time, texts }, index) => html`
					<li key=${index} class=${index === marked ? 'marked' : undefined} ref=${index === marked ? passage : undefined}>
						<p class="speaker" dir="auto"><strong>${speaker || 'Unknown speaker'}</strong> <${Timestamp} at=${time} onSeek=${onSeek} /></p>
						<p dir="auto">${texts.join(' ')}</p>
					</li>`)}
			</ol>
			${shown.length < passages.length && html`
				<${Button} kind="quiet" onClick=${() => setAll(true)}>Show all ${countText(passages.length, 'passage')}</${Button}>`}
		</section>`;
}

/** Joins consecutive items of one speaker. @param {Item[]} items */
function passagesOf(items) {
	/** @type {Passage[]} */
	const passages = [];
	for (const item of items) {
		const speaker = item.speaker?.display_name ?? '';
		const last = passages.at(-1);
		if (last && last.speaker === speaker) last.texts.push(item.text ?? '');
		else passages.push({ speaker, at: item.timestamp, texts: [item.text ?? ''] });
	}
	return passages;
}
