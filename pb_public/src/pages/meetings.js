// The list of meetings, and its sync with Fathom.
import { useLayoutEffect } from '../../vendor/preact-hooks.js';
import { Button } from '../components/button.js';
import { CopiedNotice } from '../components/copied_notice.js';
import { FirstRun } from '../components/first_run.js';
import { LibraryBar } from '../components/library_bar.js';
import { LibraryList } from '../components/library_list.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page_title.js';
import { SearchField } from '../components/search_field.js';
import { SelectionBar } from '../components/selection_bar.js';
import { Spinner } from '../components/spinner.js';
import { SyncButton } from '../components/sync_button.js';
import { SyncStatus } from '../components/sync_status.js';
import { TransferAll } from '../components/transfer_all.js';
import { TransferMatching } from '../components/transfer_matching.js';
import { html } from '../lib/html.js';
import { isFiltered, libraryHref, parseLibraryQuery } from '../lib/library_query.js';
import { settingsHref } from '../lib/router.js';
import { useFirstRun } from '../lib/use_first_run.js';
import { useScrollPosition } from '../lib/use_scroll_position.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */

/** @param {{workspace: Workspace, query: string}} props query is that of the address */
export function MeetingsPage({ workspace, query }) {
	const { meetings, selection } = workspace;
	useLayoutEffect(() => {
		const view = parseLibraryQuery(query);
		// Nothing happens to meetings that were selected among others.
		if (JSON.stringify(view.filter) !== JSON.stringify(meetings.view.value.filter)) selection.clear();
		meetings.show(view);
	}, [query]);
	useScrollPosition(() => meetings.scroll, (position) => {
		meetings.scroll = position;
	});

	const isListed = meetings.loaded.value && workspace.connections.loaded.value;
	const error = meetings.error.value || workspace.connections.error.value;
	const isEmpty = isListed && !meetings.totalOfAll.value;
	const isFirstRun = useFirstRun(workspace, isEmpty) && (isEmpty || !isFiltered(meetings.readView.value.filter));
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
			${ready && !isEmpty && html`<${SearchField} /><${LibraryBar} workspace=${workspace} /><${CopiedNotice} workspace=${workspace} /><${List} workspace=${workspace} />`}
		</div>`;
}

/** @param {Workspace} workspace */
function reload(workspace) {
	workspace.meetings.refresh();
	workspace.connections.reload();
	workspace.transfers.reload();
}

/** What can be done with all meetings, or with those that match. @param {{workspace: Workspace}} props */
function Actions({ workspace }) {
	const { meetings } = workspace;
	const isPart = isFiltered(meetings.readView.value.filter);
	return html`
		<div class="actions list-actions">
			<${SyncButton} workspace=${workspace} />
			${isPart ? html`<${TransferMatching} key=${JSON.stringify(meetings.filter)} workspace=${workspace} />` : html`<${TransferAll} workspace=${workspace} />`}
		</div>`;
}

/** @param {{workspace: Workspace}} props */
function List({ workspace }) {
	const { meetings } = workspace;
	const view = meetings.readView;
	if (!meetings.total) {
		if (meetings.loading.value) return html`<${Spinner} label="Searching" />`;
		if (!meetings.isCurrent.value) return null; // the error is shown
		return html`
			<section class="empty">
				<h2>No matches</h2>
				<p>${view.value.filter.title ? `No meeting has “${view.value.filter.title.trim()}” in its title${isFiltered({ ...view.value.filter, title: '' }) ? ' and matches the filters' : ''}.` : 'No meeting matches the filters.'}</p>
				<a class="button quiet" href=${libraryHref({ ...meetings.view.value, filter: {} })}>Show all meetings</a>
			</section>`;
	}
	return html`
		<${SelectionBar} workspace=${workspace} />
		<${LibraryList} workspace=${workspace} />`;
}
