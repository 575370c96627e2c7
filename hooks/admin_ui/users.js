// The data of the "Users" page, and the requests that load and change it.

/** @typedef {import('./account_text.js').Account} Account */
/** @typedef {'email'|'last_used'|'size'|'joined'} Sort */

/**
 * @typedef {object} State
 * @property {string} search part of an address or of the name of a database
 * @property {string} status of the listed accounts; '' means all
 * @property {Sort} sort
 * @property {number} page
 * @property {Account[]} accounts
 * @property {Partial<Record<string, number>>} counts by status, of the accounts that the search finds
 * @property {number} quota bytes; 0 means no limit
 * @property {boolean} loading
 * @property {boolean} loaded
 * @property {boolean} failed
 * @property {string} busy the database that is being changed
 * @property {number} now when the list was loaded, in milliseconds
 */

/** @typedef {{meetings: number, recordings: number}} Contents */
/** @typedef {Account & {usage: number, usage_s3?: number, quota?: number, contents?: Contents, created: string, schema_version: string, folder: string, pending?: string[]}} Details */

export const perPage = 50;
/** @type {Record<Sort, string>} */
export const sorts = { email: 'E-mail', last_used: 'Last used', size: 'Storage', joined: 'Joined' };

/** @param {any} err */
const showError = (err) => err.isAbort || app.checkApiError(err);

/** @param {Record<string, string[] | undefined>} query of the page's address */
export function createUsers(query) {
	const order = query.sort?.[0] ?? '';
	/** @type {State} */
	const initial = {
		search: query.search?.[0] ?? '',
		status: query.status?.[0] ?? '',
		sort: Object.hasOwn(sorts, order) ? /** @type {Sort} */ (order) : 'email',
		page: Math.max(1, Number(query.page?.[0]) || 1),
		accounts: [],
		counts: {},
		quota: 0,
		loading: true,
		loaded: false,
		failed: false,
		busy: '',
		now: Date.now(),
	};
	const data = store(initial);

	/** @param {string} [status] all accounts without it */
	const count = (status = '') => (status ? (data.counts[status] ?? 0) : Object.values(data.counts).reduce((sum, n) => (sum ?? 0) + (n ?? 0), 0) ?? 0);
	const pages = () => Math.max(1, Math.ceil(count(data.status) / perPage));

	async function load() {
		data.loading = true;
		const { search, status, sort, page } = data;
		try {
			const { items, counts, quota } = await app.pb.send('/api/operator/users', { query: { search, status, sort, page }, requestKey: 'operator_users' });
			Object.assign(data, { accounts: items, counts, quota, loading: false, loaded: true, failed: false, now: Date.now() });
		} catch (/** @type {any} */ err) {
			if (err.isAbort) return;
			Object.assign(data, { accounts: [], loading: false, failed: true });
			showError(err);
		}
		if (data.loaded && data.page > pages()) await show({ page: pages() }); // accounts were deleted meanwhile
	}
	/** Lists other accounts. @param {Partial<Pick<State, 'search' | 'status' | 'sort' | 'page'>>} selection */
	function show(selection) {
		Object.assign(data, { page: 1 }, selection);
		const { search, status, sort, page } = data;
		app.utils.replaceHashQueryParams({ search, status, sort: sort === 'email' ? '' : sort, page: page === 1 ? '' : page });
		return load();
	}

	/** @param {Account} account @param {'archive'|'restore'} action */
	async function change(account, action) {
		data.busy = account.name;
		try {
			// The response has no body: 202 means that it takes longer than a request may.
			const response = await app.pb.send(`/api/operator/databases/${account.name}/${action}`, {
				method: 'POST',
				requestKey: null,
				fetch: async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
					const got = await fetch(url, init);
					return got.status === 202 ? new Response('{"continues": true}', { status: 200, headers: { 'Content-Type': 'application/json' } }) : got;
				},
			});
			if (response?.continues) app.toasts.info(`${action === 'archive' ? 'Archiving' : 'Restoring'} the database of ${account.email} takes longer and continues. Refresh the list to see when it is done.`);
			else app.toasts.success(`${action === 'archive' ? 'Archived' : 'Restored'} the database of ${account.email}.`);
		} catch (err) {
			showError(err);
		}
		data.busy = '';
		await load();
	}

	/** @param {Account} account @returns {Promise<Details>} */
	const describe = (account) => app.pb.send(`/api/operator/databases/${account.name}`, { requestKey: 'operator_database' });

	return { data, count, pages, load, show, change, describe };
}
