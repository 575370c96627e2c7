// The search in everything that is stored of the meetings.
import { useEffect } from '../../vendor/preact-hooks.js';
import { Button } from '../components/button.js';
import { Back } from '../components/icons.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page_title.js';
import { SearchField } from '../components/search_field.js';
import { SearchResult } from '../components/search_result.js';
import { messageOf, statusOf } from '../lib/errors.js';
import { countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { href } from '../lib/router.js';
import { useAction } from '../lib/use_action.js';
import { useScrollPosition } from '../lib/use_scroll_position.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/meeting_search.js').MeetingSearch} MeetingSearch */

/** @param {{workspace: Workspace, query: string}} props */
export function SearchPage({ workspace: { search, posters }, query }) {
	useEffect(() => {
		search.search(query);
	}, [search, query]);
	useScrollPosition(() => (search.query.value === query ? search.scroll : 0), (position) => {
		search.scroll = position;
	});
	const error = search.error.value;
	const isRefused = statusOf(error) === 400; // the message is about the query
	return html`
		<div class="page">
			<p><a class="back" href=${href('/')}><${Back} />Meetings</a></p>
			<${PageTitle} title="Search" />
			<div>
				<${SearchField} query=${query} problem=${isRefused ? messageOf(error) : ''} onSearch=${(/** @type {string} */ entered) => search.search(entered)} />
				<p class="muted search-status" role="status">${statusText(search, query)}</p>
			</div>
			${error && !isRefused && html`<${Notice}>${messageOf(error)} <${Button} kind="link" onClick=${() => search.search(query)}>Try again</${Button}></${Notice}>`}
			${query ? !error && html`<${Results} key=${query} search=${search} posters=${posters} query=${query} />` : html`<${Hints} />`}
		</div>`;
}

/** What screen readers announce. @param {MeetingSearch} search @param {string} query */
function statusText(search, query) {
	if (!query || search.error.value) return '';
	if (!search.items.value.length && (search.loading.value || search.query.value !== query)) return 'Searching…';
	return search.total.value ? `${countText(search.total.value, 'meeting')} found` : 'No meetings found';
}

/** @param {{search: MeetingSearch, posters: Workspace['posters'], query: string}} props */
function Results({ search, posters, query }) {
	const { run, busy, error } = useAction(() => search.loadMore());
	const items = search.items.value;
	const total = search.total.value;
	const isLoading = search.loading.value || search.query.value !== query;
	return html`
		${!search.complete.value && html`
			<${Notice} kind="note">
				The index is still being built, so some meetings may be missing.${' '}
				<${Button} kind="link" busy=${isLoading} onClick=${() => search.search(query)}>Search again</${Button}>
			</${Notice}>`}
		${!items.length && !isLoading && search.complete.value && html`
			<section class="empty">
				<h2>Nothing found</h2>
				<p>No meeting contains all of these words. Check their spelling, or try fewer of them.</p>
			</section>`}
		${items.length > 0 && html`<ol class="results">${items.map((meeting) => html`<${SearchResult} key=${meeting.id} posters=${posters} meeting=${meeting} />`)}</ol>`}
		<p class="more" aria-live="polite">
			${search.hasMore.value && html`
				<${Button} kind="quiet" busy=${busy} onClick=${run}>${busy ? 'Loading…' : 'Show more'}</${Button}>
				<span class="muted">${`${items.length} of ${countText(total, 'meeting')}`}</span>`}
			${error && html`<span class="error">${messageOf(error)}</span>`}
		</p>`;
}

/** What can be searched for. */
const Hints = () => html`
	<section class="hints">
		<p>Searches the titles, people, summaries, action items, highlights and transcripts of all meetings.</p>
		<dl>
			<dt>budget marketing</dt><dd>both words, anywhere in a meeting</dd>
			<dt>"next quarter"</dt><dd>these words, one after the other</dd>
			<dt>budg</dt><dd>words that begin like this; with other words after it, write budg*</dd>
			<dt>budget OR forecast</dt><dd>one of the words; NOT leaves meetings out</dd>
			<dt>from:ada</dt><dd>meetings in which this person speaks, or which they recorded</dd>
			<dt>after:2026-01-31</dt><dd>meetings from that day on; before: for earlier ones</dd>
		</dl>
	</section>`;
