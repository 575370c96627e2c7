import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { readNeighbours } from '../data/neighbours.js';
import { html } from '../lib/html.js';
import { titleText } from '../lib/meeting_title.js';
import { meetingHref } from '../lib/router.js';
import { Back, Forward } from './icons.js';

/**
 * Links to the meetings before and after one.
 * @param {{neighbours: import('../data/neighbours.js').Neighbours, tab?: import('../lib/router.js').MeetingTab}} props tab is what they show
 */
export function NeighbourLinks({ neighbours: { previous, next }, tab }) {
	return html`
		<nav class="neighbours" aria-label="Other meetings">
			${previous && html`<a rel="prev" href=${meetingHref(previous.id, tab)} title=${titleText(previous.title)} aria-label=${`Previous: ${titleText(previous.title)}`}><${Back} />Previous</a>`}
			${next && html`<a rel="next" href=${meetingHref(next.id, tab)} title=${titleText(next.title)} aria-label=${`Next: ${titleText(next.title)}`}>Next<${Forward} /></a>`}
		</nav>`;
}

/**
 * The meetings before and after one. Until they are known, and if they can't be read, there are none.
 * @param {import('../data/clients.js').UserDatabase} db
 * @param {{id: string, recorded_at: string}} meeting
 */
export function useNeighbours(db, meeting) {
	const [neighbours, setNeighbours] = useState(/** @type {import('../data/neighbours.js').Neighbours} */ ({ previous: null, next: null }));
	useEffect(() => {
		let isOver = false;
		readNeighbours(db, meeting).then((found) => isOver || setNeighbours(found)).catch(() => {}); // the list leads to them as well
		return () => {
			isOver = true;
		};
	}, [db, meeting.id, meeting.recorded_at]);
	return neighbours;
}
