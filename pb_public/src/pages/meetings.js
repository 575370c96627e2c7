// The list of meetings, and keeping it in step with Fathom.
import { useLayoutEffect } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { Button, Notice, PageTitle, Spinner } from '../components/button.js';
import { messageOf } from '../lib/errors.js';
import { count, monthText } from '../lib/format.js';
import { Search } from '../components/icons.js';
import { MeetingRow } from '../components/meeting_row.js';
import { isActive } from '../data/jobs.js';
import { SyncButton, SyncState } from '../components/sync_button.js';
import { TransferAll } from '../components/transfer_all.js';
import { useAction } from '../lib/use_action.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Meeting} Meeting */

/** @param {{workspace: Workspace}} props */
export function MeetingsPage({ workspace }) {
	const { meetings } = workspace;
	useLayoutEffect(() => {
		const back = meetings.scroll;
		requestAnimationFrame(() => scrollTo(0, back));
		const remember = () => {
			meetings.scroll = scrollY;
		};
		addEventListener('scroll', remember, { passive: true });
		return () => removeEventListener('scroll', remember);
	}, []);

	const ready = meetings.loaded.value && workspace.connections.loaded.value;
	const error = meetings.error.value || workspace.connections.error.value;
	const isEmpty = ready && !meetings.total.value && !meetings.query.value;
	return html`
		<div class="page">
			<div class="page-head">
				<div>
					<${PageTitle} title="Meetings" />
					<${SyncState} workspace=${workspace} />
				</div>
				${workspace.fathom && !isEmpty && html`
					<div class="actions">
						<${TransferAll} workspace=${workspace} />
						<${SyncButton} workspace=${workspace} />
					</div>`}
			</div>
			${workspace.fathom?.status === 'invalid' && html`
				<${Notice}>${workspace.fathom.reason || 'Fathom doesn’t accept your API key.'} <a href="#/connections">Go to Connections</a></${Notice}>`}
			${ready && !isEmpty && !workspace.fathom && html`
				<${Notice} kind="note">No Fathom key is saved, so nothing new comes in. <a href="#/connections">Connect Fathom</a></${Notice}>`}
			${error && html`<${Notice}>${error} <${Button} kind="link" onClick=${() => retry(workspace)}>Try again</${Button}></${Notice}>`}
			${!ready && !error && html`<${Spinner} label="Reading your meetings" />`}
			${isEmpty && html`<${Empty} workspace=${workspace} />`}
			${ready && !isEmpty && html`<${Filter} workspace=${workspace} /><${List} workspace=${workspace} />`}
		</div>`;
}

/** @param {Workspace} workspace */
function retry(workspace) {
	workspace.meetings.refresh();
	workspace.connections.reload();
	workspace.transfers.reload();
}

/** What to do when there is nothing yet. @param {{workspace: Workspace}} props */
function Empty({ workspace }) {
	if (!workspace.fathom) {
		return html`
			<section class="empty">
				<h2>Connect Fathom to begin</h2>
				<p>Save an API key of your Fathom account, and your meetings appear here.</p>
				<a class="button primary" href="#/connections">Connect Fathom</a>
			</section>`;
	}
	if (isActive(workspace.jobs.lastSync)) {
		return html`<section class="empty"><h2>Reading your meetings from Fathom</h2><p>They appear here as they come in.</p></section>`;
	}
	return html`
		<section class="empty">
			<h2>No meetings here yet</h2>
			<p>Bring in the list of your Fathom meetings. Videos stay at Fathom until you transfer them.</p>
			<${SyncButton} workspace=${workspace} kind="primary" />
		</section>`;
}

/** @param {{workspace: Workspace}} props */
function Filter({ workspace: { meetings } }) {
	return html`
		<div class="filter" role="search">
			<label class="hidden" for="title-filter">Filter meetings by title</label>
			<${Search} />
			<input id="title-filter" type="search" placeholder="Filter by title" autocomplete="off" value=${meetings.query.value}
				onInput=${(/** @type {any} */ event) => meetings.search(event.currentTarget.value)} />
		</div>`;
}

/** @param {{workspace: Workspace}} props */
function List({ workspace }) {
	const { meetings } = workspace;
	const { run, busy, error } = useAction(() => meetings.more());
	const items = meetings.items.value;
	if (!items.length) {
		if (meetings.loading.value) return html`<${Spinner} label="Searching" />`;
		return html`
			<section class="empty">
				<h2>Nothing found</h2>
				<p>No meeting has “${meetings.query.value.trim()}” in its title.</p>
				<${Button} kind="quiet" onClick=${() => meetings.search('')}>Show all meetings</${Button}>
			</section>`;
	}
	return html`
		${byMonth(items).map(({ month, items }) => html`
			<section class="month" key=${month}>
				<h2>${month}</h2>
				<ul class="rows">
					${items.map((meeting) => html`<${MeetingRow} key=${meeting.id} workspace=${workspace} meeting=${meeting} />`)}
				</ul>
			</section>`)}
		<p class="more" aria-live="polite">
			${meetings.hasMore && html`<${Button} kind="quiet" busy=${busy} onClick=${run}>${busy ? 'Reading…' : 'Show more'}</${Button}>`}
			<span class="muted">${meetings.hasMore ? `${items.length} of ${count(meetings.total.value, 'meeting')}` : count(meetings.total.value, 'meeting')}</span>
			${error && html`<span class="error">${messageOf(error)}</span>`}
		</p>`;
}

/** @param {Meeting[]} meetings sorted by date */
function byMonth(meetings) {
	/** @type {{month: string, items: Meeting[]}[]} */
	const groups = [];
	for (const meeting of meetings) {
		const month = monthText(meeting.recorded_at);
		if (groups.at(-1)?.month !== month) groups.push({ month, items: [] });
		groups.at(-1)?.items.push(meeting);
	}
	return groups;
}
