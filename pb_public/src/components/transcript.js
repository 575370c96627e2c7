// Who said what.
import { useMemo, useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { Button } from './button.js';
import { count } from '../lib/format.js';
import { Stamp } from './timestamp.js';

/** @typedef {import('../data/types.js').TranscriptItem} Item */
/** @typedef {{speaker: string, at: string | undefined, texts: string[]}} Turn */

const shownAtFirst = 30;

/**
 * @param {{transcript: import('../data/types.js').Transcript | null, transferred: boolean, onSeek?: (seconds: number) => void}} props
 */
export function Transcript({ transcript, transferred, onSeek }) {
	const [all, setAll] = useState(false);
	const turns = useMemo(() => turnsOf(transcript?.items ?? []), [transcript]);
	if (!turns.length) {
		return html`
			<section>
				<h2>Transcript</h2>
				<p class="muted">${transferred ? 'Fathom has no transcript of this meeting.' : 'The transcript comes along with the transfer.'}</p>
			</section>`;
	}
	const shown = all ? turns : turns.slice(0, shownAtFirst);
	return html`
		<section>
			<h2>Transcript</h2>
			<ol class="transcript">
				${shown.map((turn, index) => html`
					<li key=${index}>
						<p class="speaker"><strong>${turn.speaker || 'Somebody'}</strong> <${Stamp} at=${turn.at} onSeek=${onSeek} /></p>
						<p>${turn.texts.join(' ')}</p>
					</li>`)}
			</ol>
			${shown.length < turns.length && html`
				<${Button} kind="quiet" onClick=${() => setAll(true)}>Show all ${count(turns.length, 'passage')}</${Button}>`}
		</section>`;
}

/** Joins what one person says in a row. @param {Item[]} items */
function turnsOf(items) {
	/** @type {Turn[]} */
	const turns = [];
	for (const item of items) {
		const speaker = item.speaker?.display_name ?? '';
		const last = turns.at(-1);
		if (last && last.speaker === speaker) last.texts.push(item.text ?? '');
		else turns.push({ speaker, at: item.timestamp, texts: [item.text ?? ''] });
	}
	return turns;
}
