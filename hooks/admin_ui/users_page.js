// The view of the "Users" page.
import { accountStatuses, actionOf, agoText, canOpen, questionOf, statusText, timeText, usageText } from './account_text.js';
import { detailsOf } from './account_details.js';
import { confirmDialog, openDialog } from './dialog.js';
import { createUsers, perPage, sorts } from './users.js';

/** @typedef {import('./account_text.js').Account} Account */
/** @typedef {import('./users.js').Sort} Sort */

/** @param {string} className */
const icon = (className) => t.i({ className, ariaHidden: true });

/** The address of the admin UI of a database. @param {string} name */
const databaseURL = (name) => app.pb.buildURL(`/db/${name}/_/`);

/** @param {import('./page.js').Route} route */
export function usersPage(route) {
	app.store.title = 'Users';
	const users = createUsers(route.query);
	const { data, count, pages } = users;

	/** @param {Account} account @param {'archive'|'restore'} action */
	const ask = (account, action) =>
		confirmDialog({
			...questionOf(account, action),
			style: action === 'archive' ? 'warning' : '',
			run: async () => {
				await users.change(account, action);
				// The pressed button may be gone. The list is drawn soon after its data has changed.
				setTimeout(() => document.getElementById(`account_${account.name}`)?.focus(), 50);
			},
		});
	/** @param {Account} account */
	async function showDetails(account) {
		const state = store({ content: t.span({ className: 'skeleton-loader' }) });
		openDialog({ title: account.email || account.name, content: t.div(null, () => state.content), size: '', buttons: [{ label: 'Close', autofocus: true }] });
		try {
			state.content = detailsOf(await users.describe(account), data.now);
		} catch (/** @type {any} */ err) {
			state.content = t.p({ className: 'txt-danger' }, err.isAbort ? '' : `It can’t be examined: ${err.message}`);
		}
	}

	/** @param {string} status @param {string} label @param {string} iconName */
	const statusItem = (status, label, iconName) =>
		t.button(
			{
				rid: status,
				type: 'button',
				title: label,
				className: () => `nav-item responsive-close ${data.status === status ? 'active' : ''}`,
				ariaCurrent: () => (data.status === status ? 'true' : null),
				onclick: () => users.show({ status }),
			},
			icon(iconName),
			t.span({ className: 'txt' }, label),
			() => (data.loaded ? t.span({ className: 'label sm m-l-auto' }, count(status).toLocaleString('en')) : null),
		);
	const icons = { ready: 'ri-user-line', archived: 'ri-archive-line', deleting: 'ri-delete-bin-line', failed: 'ri-error-warning-line', provisioning: 'ri-loader-4-line', none: 'ri-user-unfollow-line' };

	/** @param {string} name @param {unknown[]} content */
	const cell = (name, ...content) => t.td({ 'html-data-name': name }, ...content);
	/** @param {string | null} time */
	const timeCell = (time) => t.span({ title: timeText(time), style: 'white-space: nowrap', className: time ? '' : 'txt-hint' }, agoText(time, data.now));
	/** @param {Account} account */
	const actionButton = (account) => {
		const action = actionOf(account);
		if (!action) return '';
		const label = action === 'archive' ? 'Archive' : 'Restore';
		return t.button(
			{
				type: 'button',
				className: () => `btn sm outline ${data.busy === account.name ? 'loading' : ''}`,
				disabled: () => !!data.busy,
				ariaLabel: `${label} the database of ${account.email}`,
				onclick: () => ask(account, action),
			},
			label,
		);
	};
	/** @param {Account} account */
	const row = (account) => {
		const status = statusText(account);
		return t.tr(
			{ rid: JSON.stringify(account) },
			cell('E-mail', t.div({ style: 'overflow-wrap: anywhere; min-width: 190px' }, t.strong(null, account.email || 'unknown'), t.div({ className: 'txt-hint txt-sm' }, account.name))),
			cell('Status', t.span({ className: `label ${status.style}` }, status.label), t.div({ className: 'txt-hint txt-sm' }, status.note)),
			cell('Storage', t.span({ style: 'white-space: nowrap' }, usageText(account, data.quota))),
			cell('Last used', t.div(null, timeCell(account.last_used)), t.div({ className: 'txt-hint txt-sm' }, 'signed in: ', timeCell(account.last_sign_in))),
			cell(
				'Actions',
				t.div(
					{ className: 'flex gap-5' },
					account.name
						? t.button(
								{ id: `account_${account.name}`, type: 'button', className: 'btn sm secondary', ariaLabel: `Details of ${account.email}`, onclick: () => showDetails(account) },
								'Details',
							)
						: '',
					canOpen(account)
						? t.a({ href: databaseURL(account.name), target: '_blank', rel: 'noopener', className: 'btn sm secondary', ariaLabel: `Open the database of ${account.email} in a new tab` }, 'Open')
						: '',
					actionButton(account),
				),
			),
		);
	};
	const placeholder = () => {
		if (data.loading) return t.span({ className: 'skeleton-loader' });
		const text = data.failed ? 'Failed to load the accounts.' : data.search || data.status ? 'No such accounts.' : 'Nobody has signed up yet.';
		return t.div({ className: 'sticky-content txt-center txt-hint txt-bold' }, text);
	};
	const table = t.table(
		{ className: 'records-table responsive-table' },
		t.thead({ className: 'sticky' }, t.tr(null, ...['E-mail', 'Status', 'Storage', 'Last used', 'Actions'].map((label) => t.th(null, label)))),
		t.tbody(null, () => (data.accounts.length ? data.accounts.map(row) : t.tr(null, t.td({ colSpan: 5 }, placeholder)))),
	);

	const search = t.input({ id: 'users_search', type: 'search', maxLength: 255, placeholder: 'E-mail or database', value: data.search });
	const order = t.select(
		{ id: 'users_sort', onchange: () => users.show({ sort: /** @type {Sort} */ (order.value) }) },
		...Object.entries(sorts).map(([value, label]) => t.option({ value, selected: value === data.sort }, label)),
	);
	const header = t.header(
		{ className: 'page-header' },
		t.nav({ className: 'breadcrumbs' }, t.div(null, 'Users'), t.div(null, () => accountStatuses[/** @type {keyof typeof accountStatuses} */ (data.status)] ?? 'All')),
		t.div(
			{ className: 'page-header-secondary-btns' },
			app.components.refreshButton({ onclick: users.load, className: () => `btn transparent circle rotate-btn secondary ${data.loading ? 'loading' : ''}`, tooltip: () => 'Refresh' }),
		),
		t.form(
			{
				className: 'flex gap-10',
				style: 'flex: 1 1 300px; flex-wrap: wrap; align-items: stretch',
				'html-role': 'search',
				onsubmit: (/** @type {Event} */ e) => {
					e.preventDefault();
					users.show({ search: search.value.trim() });
				},
			},
			t.div({ className: 'field', style: 'flex: 1; min-width: 180px' }, t.label({ htmlFor: search.id }, 'Search'), search),
			t.div({ className: 'field', style: 'width: 150px' }, t.label({ htmlFor: order.id }, 'Sort by'), order),
			t.button({ type: 'submit', className: 'btn', style: 'height: auto' }, t.span({ className: 'txt' }, 'Search')),
		),
	);
	/** @param {string} label @param {string} iconName @param {number} by @param {() => boolean} isLast */
	const pageButton = (label, iconName, by, isLast) =>
		t.button(
			{
				type: 'button',
				className: 'btn sm secondary',
				ariaDisabled: () => String(isLast()), // a disabled button would lose the focus
				style: () => (isLast() ? 'opacity: 0.5' : ''),
				onclick: () => isLast() || data.loading || users.show({ page: data.page + by }),
			},
			icon(iconName),
			t.span({ className: 'txt' }, label),
		);
	const range = () => {
		const total = count(data.status);
		if (!total) return 'No accounts';
		const first = (data.page - 1) * perPage + 1;
		return `${first.toLocaleString('en')}–${Math.min(total, first + perPage - 1).toLocaleString('en')} of ${total.toLocaleString('en')}`;
	};

	return t.div(
		{ pbEvent: 'pageUsers', className: 'page', onmount: users.load },
		app.components.pageSidebar(
			{},
			t.nav(
				{ className: 'sidebar-content scrollable', ariaLabel: 'Status' },
				t.details(
					{ className: 'nav-group', open: true },
					t.summary({ tabIndex: -1, onfocusout: () => false, onclick: () => false, onkeyup: () => false }, 'Status'), // can't be folded, as in PocketBase
					statusItem('', 'All accounts', 'ri-group-line'),
					...Object.entries(accountStatuses).map(([status, label]) => statusItem(status, label, icons[/** @type {keyof typeof icons} */ (status)])),
				),
			),
		),
		t.div(
			{ className: 'page-content full-height' },
			header,
			t.div({ className: 'page-table-wrapper' }, table),
			t.footer(
				{ className: 'page-footer' },
				t.span({ className: 'total-count', 'html-role': 'status' }, () => (data.loaded ? range() : '')),
				pageButton('Previous', 'ri-arrow-left-s-line', -1, () => data.page <= 1),
				pageButton('Next', 'ri-arrow-right-s-line', 1, () => data.page >= pages()),
				app.components.credits(),
			),
		),
	);
}
