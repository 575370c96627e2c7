import { useCallback, useEffect, useMemo, useRef, useState } from '../../vendor/preact-hooks.js';
import { copyText } from '../lib/copy_text.js';
import { html } from '../lib/html.js';
import { findMatches, lineAt, linesOf, passagesOf, transcriptText } from '../lib/transcript.js';
import { useCurrentIndex } from '../lib/use_current_index.js';
import { useFollowing } from '../lib/use_following.js';
import { Button } from './button.js';
import { Passages } from './passages.js';
import { TranscriptSearch } from './transcript_search.js';

/**
 * What was said, which follows the player: what is said now is marked and kept in view, unless the user scrolls.
 * @param {{id: string, transcript: import('../data/types.js').Transcript | null, missing: any, media: HTMLMediaElement | null, at?: number,
 *   onSeek?: (seconds: number) => void}} props id is the meeting's; missing is shown if there is no transcript; at is the moment that
 *   is marked until the player has one
 */
export function Transcript({ id, transcript, missing, media, at, onSeek }) {
	const passages = useMemo(() => passagesOf(transcript?.items ?? []), [transcript]);
	const lines = useMemo(() => linesOf(passages), [passages]);
	const current = useCurrentIndex(media, useCallback((seconds) => (seconds > 0 ? lineAt(lines, seconds) : -1), [lines]), at);
	const [query, setQuery] = useState('');
	const matches = useMemo(() => findMatches(lines, query), [lines, query]);
	const [chosen, setChosen] = useState(0);
	const pane = useRef(/** @type {HTMLElement | null} */ (null));
	const { isFollowing, follow, leave, reveal } = useFollowing(pane, media);

	useEffect(() => {
		const line = markLine(pane.current, current);
		if (line && isFollowing) reveal(line);
	}, [current, passages, isFollowing]);
	useEffect(() => {
		const match = markMatch(pane.current, chosen);
		if (!match) return;
		leave();
		reveal(match);
	}, [matches, chosen]);

	const followAgain = () => {
		follow();
		pane.current?.focus({ preventScroll: true }); // the button that had it is gone
	};
	if (!passages.length) return missing;
	return html`
		<div class="transcript-tools">
			<${TranscriptSearch} query=${query} count=${matches.length} chosen=${chosen} onChoose=${setChosen}
				onSearch=${(/** @type {string} */ text) => { setQuery(text); setChosen(0); }} />
			<${Button} kind="quiet small" onClick=${() => copyText(transcriptText(passages), 'The transcript is copied.')}>Copy transcript</${Button}>
		</div>
		<div class="transcript-pane" ref=${pane} tabindex="-1" onWheel=${leave} onTouchMove=${leave} onPointerDown=${leaveByScrollbar(leave)} onKeyDown=${leaveByKey(leave)}>
			<${Passages} id=${id} passages=${passages} matches=${matches} needed=${Math.max(current, matches[chosen]?.line ?? -1)} onSeek=${onSeek} />
		</div>
		${media && !isFollowing && html`<${Button} kind="primary small follow" onClick=${followAgain}>Follow again</${Button}>`}`;
}

/** Marks a line, and only that one. @param {HTMLElement | null} pane @param {number} index @returns {Element | null} */
function markLine(pane, index) {
	for (const old of pane?.querySelectorAll('.line[aria-current], .marked') ?? []) {
		old.removeAttribute('aria-current');
		old.classList.remove('marked');
	}
	const line = pane?.querySelector(`[data-line="${index}"]`) ?? null;
	line?.setAttribute('aria-current', 'true');
	line?.closest('li')?.classList.add('marked');
	return line;
}

/** Marks what a search has found at a place, and only that. @param {HTMLElement | null} pane @param {number} index @returns {Element | undefined} */
function markMatch(pane, index) {
	pane?.querySelector('mark.chosen')?.classList.remove('chosen');
	const match = pane?.querySelectorAll('mark')[index];
	match?.classList.add('chosen');
	return match;
}

/** @param {() => void} leave */
const leaveByScrollbar = (leave) => (/** @type {PointerEvent} */ event) => event.target === event.currentTarget && leave();

const scrollKeys = ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', ' '];

/** @param {() => void} leave */
const leaveByKey = (leave) => (/** @type {KeyboardEvent} */ event) => scrollKeys.includes(event.key) && leave();
