import { clockText, longDayText, momentText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { markedText } from '../lib/marked_text.js';
import { titleText } from '../lib/meeting_title.js';
import { momentHref } from '../lib/router.js';
import { sourceText } from '../lib/search_text.js';
import { Thumb } from './thumb.js';

/** @typedef {import('../data/types.js').FoundMeeting} FoundMeeting */
/** @typedef {import('../data/types.js').SearchMatch} SearchMatch */

/**
 * A meeting that matches a search, with the texts in which it does.
 * @param {{posters: import('../data/posters.js').Posters, meeting: FoundMeeting}} props
 */
export function SearchResult({ posters, meeting }) {
	const date = [longDayText(meeting.recorded_at), clockText(meeting.recorded_at)].filter(Boolean).join(', ');
	return html`
		<li class="result">
			<div class="row-lead">
				<${Thumb} posters=${posters} meeting=${meeting} />
				<div>
					<h2 dir="auto"><a href=${meeting.href}>${titleText(meeting.title)}</a></h2>
					<p class="muted">${date}</p>
				</div>
			</div>
			${meeting.matches.length > 0 && html`
				<ul class="matches">
					${meeting.matches.map((match, index) => html`<${Match} key=${index} meeting=${meeting} match=${match} />`)}
				</ul>`}
		</li>`;
}

/** @param {{meeting: FoundMeeting, match: SearchMatch}} props */
function Match({ meeting, match }) {
	const moment = match.start === null ? '' : momentText(match.start);
	return html`
		<li>
			<p class="muted">
				${match.start !== null && html`
					<a class="timestamp" href=${momentHref(meeting.id, match.start)} aria-label=${`${moment} in ${titleText(meeting.title)}`}>${moment}</a>${' · '}`}
				${sourceText(match)}
			</p>
			<p class="excerpt" dir="auto">${markedText(match.text, match.ranges)}</p>
		</li>`;
}
