// The list of meetings, and its sync with Fathom.
import { useLayoutEffect } from '../../vendor/preact-hooks.js';
import { BundleButton } from '../components/bundle_button.js';
import { Button } from '../components/button.js';
import { Search } from '../components/icons.js';
import { MeetingRow } from '../components/meeting_row.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page_title.js';
import { PasteLinks } from '../components/paste_links.js';
import { SelectionBar } from '../components/selection_bar.js';
import { Spinner } from '../components/spinner.js';
import { SyncButton } from '../components/sync_button.js';
import { SyncStatus } from '../components/sync_status.js';
import { TransferAll } from '../components/transfer_all.js';
import { TransferMatching } from '../components/transfer_matching.js';
import { WaitingUploads } from '../components/waiting_uploads.js';
import { messageOf } from '../lib/errors.js';
import { countText, monthText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { isActive } from '../lib/job_status.js';
import { useAction } from '../lib/use_action.js';

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

	const ready = meetings.loaded.value && workspace.connections.loaded.value;
	const error = meetings.error.value || workspace.connections.error.value;
	const isEmpty = ready && !meetings.total.value && !meetings.query.value;
	return html`
		<div class="page">
			<div class="page-head">
				<div>
					<${PageTitle} title="Meetings" />
					<${SyncStatus} workspace=${workspace} />
				</div>
				${workspace.fathom && !isEmpty && html`
					<div class="actions">
						${meetings.query.value.trim() ? html`<${TransferMatching} key=${meetings.query.value} workspace=${workspace} />` : html`<${TransferAll} workspace=${workspace} />`}
						<${SyncButton} workspace=${workspace} />
						${meetings.total.value > 0 && html`
							<${BundleButton} db=${workspace.db} selection=${{ filter: meetings.filter }}
								label=${meetings.query.value.trim() ? 'Download matching as files' : 'Download all as files'} />`}
					</div>`}
			</div>
			${workspace.fathom?.status === 'invalid' && html`
				<${Notice}>${workspace.fathom.reason || 'Fathom does not accept your API key.'} <a href="#/connections">Check the connection</a></${Notice}>`}
			${ready && !isEmpty && !workspace.fathom && html`
				<${Notice} kind="note">No Fathom API key is saved, so new meetings are not synced. <a href="#/connections">Connect Fathom</a></${Notice}>`}
			${error && html`<${Notice}>${error} <${Button} kind="link" onClick=${() => reload(workspace)}>Try again</${Button}></${Notice}>`}
			${!ready && !error && html`<${Spinner} label="Loading meetings" />`}
			${isEmpty && html`<${Empty} workspace=${workspace} />`}
			${ready && !isEmpty && html`<${WaitingUploads} workspace=${workspace} id="waiting" /><${PasteLinks} workspace=${workspace} /><${Filter} workspace=${workspace} /><${List} workspace=${workspace} />`}
		</div>`;
}

/** @param {Workspace} workspace */
function reload(workspace) {
	workspace.meetings.refresh();
	workspace.connections.reload();
	workspace.transfers.reload();
}

/** The next step for a user without meetings. @param {{workspace: Workspace}} props */
function Empty({ workspace }) {
	if (!workspace.fathom) {
		return html`
			<section class="empty">
				<h2>Connect Fathom to get started</h2>
				<p>Save your Fathom API key to list your meetings here.</p>
				<a class="button primary" href="#/connections">Connect Fathom</a>
			</section>`;
	}
	if (isActive(workspace.jobs.lastSync)) {
		return html`<section class="empty"><h2>Syncing your meetings</h2><p>They appear here as they are copied from Fathom.</p></section>`;
	}
	return html`
		<section class="empty">
			<h2>No meetings yet</h2>
			<p>Copy the list of your meetings from Fathom. Videos stay at Fathom until you transfer them.</p>
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
