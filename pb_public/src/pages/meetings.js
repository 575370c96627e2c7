// The list of meetings, and its sync with Fathom.
import { useLayoutEffect } from '../../vendor/preact-hooks.js';
import { BundleButton } from '../components/bundle_button.js';
import { Button } from '../components/button.js';
import { FirstRun } from '../components/first_run.js';
import { Search } from '../components/icons.js';
import { MeetingRow } from '../components/meeting_row.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page_title.js';
import { SearchField } from '../components/search_field.js';
import { SelectionBar } from '../components/selection_bar.js';
import { Spinner } from '../components/spinner.js';
import { SyncButton } from '../components/sync_button.js';
import { SyncStatus } from '../components/sync_status.js';
import { TransferAll } from '../components/transfer_all.js';
import { TransferMatching } from '../components/transfer_matching.js';
import { messageOf } from '../lib/errors.js';
import { countText, monthText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { settingsHref } from '../lib/router.js';
import { useAction } from '../lib/use_action.js';
import { useFirstRun } from '../lib/use_first_run.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Meeting} Meeting */

/** @param {{workspace: Workspace}} props */
export function MeetingsPage({ workspace }) {
	const { meetings } = workspace;
	useLayoutEffect(() => {
		const previous = meetings.scroll;
		requestAnimationFrame(() => scrollTo(0, previous));
		const remember = () => {
			meetings.scroll = scrollY;
		};
		addEventListener('scroll', remember, { passive: true });
		return () => removeEventListener('scroll', remember);
	}, []);

	const isListed = meetings.loaded.value && workspace.connections.loaded.value;
	const error = meetings.error.value || workspace.connections.error.value;
	const isEmpty = isListed && !meetings.total.value && !meetings.items.value.length && !meetings.query.value;
	const isFirstRun = useFirstRun(workspace, isEmpty);
	const ready = isListed && isFirstRun !== undefined;
	const isRefused = workspace.fathom?.status === 'invalid';
	const status = !isRefused && html`<${SyncStatus} workspace=${workspace} />`; // one message for one cause
	return html`
		<div class="page">
			<div class="page-head">
				<div>
					<${PageTitle} title="Meetings" />
					${ready && !isFirstRun && status}
				</div>
				${ready && !isFirstRun && workspace.fathom && html`<${Actions} workspace=${workspace} />`}
			</div>
			${isRefused && !(isFirstRun && isEmpty) && html`
				<${Notice}>${workspace.fathom?.reason || 'Fathom does not accept your API key.'} <a href=${settingsHref('fathom')}>Replace the key</a></${Notice}>`}
			${ready && !isEmpty && !workspace.fathom && html`
				<${Notice} kind="note">No Fathom API key is saved, so new meetings are not synced. <a href=${settingsHref('fathom')}>Connect Fathom</a></${Notice}>`}
			${error && html`<${Notice}>${error} <${Button} kind="link" onClick=${() => reload(workspace)}>Try again</${Button}></${Notice}>`}
			${!ready && !error && html`<${Spinner} label="Loading meetings" />`}
			${ready && isFirstRun && html`<${FirstRun} workspace=${workspace} />`}
			${ready && isFirstRun && !isEmpty && html`<div class="first-tools"><div>${status}</div><${Actions} workspace=${workspace} /></div>`}
			${ready && !isEmpty && html`<${SearchField} /><${Filter} workspace=${workspace} /><${List} workspace=${workspace} />`}
		</div>`;
}

/** @param {Workspace} workspace */
function reload(workspace) {
	workspace.meetings.refresh();
	workspace.connections.reload();
	workspace.transfers.reload();
}

/** What can be done with all meetings. @param {{workspace: Workspace}} props */
function Actions({ workspace }) {
	const { meetings } = workspace;
	return html`
		<div class="actions list-actions">
			<${SyncButton} workspace=${workspace} />
			${meetings.total.value > 0 && html`
				<${BundleButton} db=${workspace.db} selection=${{ filter: meetings.filter }}
					label=${meetings.query.value.trim() ? 'Download matching as files' : 'Download all as files'} />`}
			${meetings.query.value.trim() ? html`<${TransferMatching} key=${meetings.query.value} workspace=${workspace} />` : html`<${TransferAll} workspace=${workspace} />`}
		</div>`;
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
	const { run, busy, error } = useAction(() => meetings.loadMore());
	const items = meetings.items.value;
	if (!items.length) {
		if (meetings.loading.value) return html`<${Spinner} label="Searching" />`;
		return html`
			<section class="empty">
				<h2>No matches</h2>
				<p>No meeting has “${meetings.query.value.trim()}” in its title.</p>
				<${Button} kind="quiet" onClick=${() => meetings.search('')}>Show all meetings</${Button}>
			</section>`;
	}
	return html`
		<${SelectionBar} workspace=${workspace} />
		${groupByMonth(items).map(({ month, items: group }) => html`
			<section class="month" key=${month}>
				<h2>${month}</h2>
				<ul class="rows">
					${group.map((meeting) => html`<${MeetingRow} key=${meeting.id} workspace=${workspace} meeting=${meeting} />`)}
				</ul>
			</section>`)}
		<p class="more" aria-live="polite">
			${meetings.hasMore.value && html`<${Button} kind="quiet" busy=${busy} onClick=${run}>${busy ? 'Loading…' : 'Show more'}</${Button}>`}
			<span class="muted">${meetings.hasMore.value ? `${items.length} of ${countText(meetings.total.value, 'meeting')}` : countText(meetings.total.value, 'meeting')}</span>
			${error && html`<span class="error">${messageOf(error)}</span>`}
		</p>`;
}

/** @param {Meeting[]} meetings sorted by date */
function groupByMonth(meetings) {
	/** @type {{month: string, items: Meeting[]}[]} */
	const groups = [];
	for (const meeting of meetings) {
		const month = monthText(meeting.recorded_at);
		if (groups.at(-1)?.month !== month) groups.push({ month, items: [] });
		groups.at(-1)?.items.push(meeting);
	}
	return groups;
}
