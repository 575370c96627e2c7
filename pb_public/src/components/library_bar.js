import { useRef } from '../../vendor/preact-hooks.js';
import { countText, numberText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { isFiltered, lengthOf, lengths, libraryHref, parseLibraryQuery, sorts } from '../lib/library_query.js';
import { chips } from '../lib/library_state.js';
import { navigate } from '../lib/router.js';
import { useCarriedTyping } from '../lib/use_carried_typing.js';
import { DateField } from './date_field.js';
import { Search } from './icons.js';
import { StorageGlance } from './storage_glance.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../lib/library_query.js').LibraryView} LibraryView */

/** The field that filters by title. */
export const titleFilter = 'title-filter';

/** What the library shows: states, filters and the order. All of it is in the address. @param {{workspace: Workspace}} props */
export function LibraryBar({ workspace }) {
	const { meetings } = workspace;
	const { view: shown } = meetings;
	const { filter, sort, view } = shown.value;
	const { types } = meetings.overview.value;
	const isKnown = meetings.isCurrent.value && !meetings.loading.value;
	/** @param {Partial<LibraryView['filter']>} change @param {boolean} [replace] */
	const choose = (change, replace = false) => navigate(libraryHref({ ...shown.value, filter: { ...shown.value.filter, ...change } }), { replace });
	/** @param {string} text of a choice in lengths */
	const chooseLength = (text) => choose({ min_minutes: undefined, max_minutes: undefined, ...parseLibraryQuery(`length=${text}`).filter });
	const titleField = useRef(/** @type {HTMLInputElement | null} */ (null));
	useCarriedTyping(titleField, titleFilter, (text) => text && choose({ title: text }, true));
	const more = ['from', 'to', 'person', 'type'].filter((name) => /** @type {any} */ (filter)[name]).length + (lengthOf(filter) ? 1 : 0);
	/** @param {(value: string) => void} act */
	const onValue = (act) => (/** @type {any} */ event) => act(event.currentTarget.value);
	return html`
		<div class="library-bar">
			<${Chips} meetings=${meetings} />
			<div class="library-line">
				<div class="filter" role="search">
					<label class="hidden" for=${titleFilter}>Filter meetings by title</label>
					<${Search} />
					<input id=${titleFilter} ref=${titleField} type="search" placeholder="Filter by title" autocomplete="off" maxlength="200" value=${filter.title ?? ''}
						onInput=${onValue((title) => choose({ title }, true))} />
				</div>
				<label class="sort"><span class="hidden">Sort</span>
					<select value=${sort} onChange=${onValue((value) => navigate(libraryHref({ ...shown.value, sort: /** @type {any} */ (value) })))}>
						${sorts.map(([name, label]) => html`<option key=${name} value=${name} selected=${name === sort}>${label}</option>`)}
					</select>
				</label>
			</div>
			<div class="library-foot">
				<details class="more-filters">
					<summary>${more ? `Filters (${more})` : 'Filters'}</summary>
					<div class="filter-fields">
						<${DateField} label="From" value=${filter.from} onChoose=${(/** @type {string} */ from, /** @type {boolean} */ isAgain) => choose({ from }, isAgain)} />
						<${DateField} label="To" value=${filter.to} onChoose=${(/** @type {string} */ to, /** @type {boolean} */ isAgain) => choose({ to }, isAgain)} />
						<label>Person<input type="search" maxlength="200" autocomplete="off" placeholder="Name or address" value=${filter.person ?? ''} onChange=${onValue((person) => choose({ person }))} /></label>
						${types.length > 0 && html`
							<label>Type
								<select value=${filter.type ?? ''} onChange=${onValue((type) => choose({ type }))}>
									<option value="">Any type</option>
									${types.map((type) => html`<option key=${type} value=${type} selected=${type === filter.type}>${type}</option>`)}
								</select>
							</label>`}
						<label>Length
							<select value=${lengthOf(filter)} onChange=${onValue(chooseLength)}>
								${lengths.map(([value, label]) => html`<option key=${value} value=${value} selected=${value === lengthOf(filter)}>${label}</option>`)}
							</select>
						</label>
						<button type="button" class="button primary filters-done" onClick=${closeFilters}>Done</button>
					</div>
				</details>
				${isFiltered(filter) && html`<a href=${libraryHref({ ...shown.value, filter: {} })}>Clear filters</a>`}
				<p class="muted" role="status">${isKnown && countText(meetings.total, 'meeting')}</p>
				<${StorageGlance} workspace=${workspace} />
				<a href=${libraryHref({ ...shown.value, view: view === 'grid' ? 'list' : 'grid' })}>${view === 'grid' ? 'Show a list' : 'Show a grid'}</a>
			</div>
		</div>`;
}

/** Closes the sheet that the filters are on a phone. @param {any} event */
function closeFilters({ currentTarget }) {
	const filters = currentTarget.closest('details');
	filters.open = false;
	filters.querySelector('summary').focus();
}

/** The states with their numbers. @param {{meetings: Workspace['meetings']}} props */
function Chips({ meetings }) {
	const { filter } = meetings.view.value;
	const { states } = meetings.overview.value;
	const isOutdated = !meetings.isCurrent.value && !meetings.loading.value; // the wanted ones could not be read
	const all = Object.values(states).reduce((sum, count) => sum + count, 0);
	return html`
		<nav class="chips" aria-label="States">
			${chips.map(({ state, label }) => html`
				<a key=${state} class="chip" href=${libraryHref({ ...meetings.view.value, filter: { ...filter, state: state || undefined } })}
					aria-current=${(filter.state ?? '') === state ? 'true' : undefined}>${label} ${!isOutdated && html`<span class="count">${numberText(state ? states[state] : all)}</span>`}</a>`)}
		</nav>`;
}
