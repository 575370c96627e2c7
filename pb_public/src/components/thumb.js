import { useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { initials, tileColour } from '../lib/tile.js';

/**
 * A small picture of a meeting: its poster, or a tile. It only decorates the title beside it.
 * @param {{posters: import('../data/posters.js').Posters, meeting: {id: string, title: string, poster: string}}} props
 */
export function Thumb({ posters, meeting }) {
	const [broken, setBroken] = useState('');
	const url = posters.url(meeting);
	if (!url || url === broken) {
		return html`<span class=${`thumb tile-${tileColour(meeting.id)}`} aria-hidden="true">${initials(meeting.title)}</span>`;
	}
	return html`<img class="thumb" src=${url} alt="" loading="lazy" decoding="async" width="80" height="45" onError=${() => setBroken(url)} />`;
}
