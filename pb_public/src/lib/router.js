// Routes are kept in the URL's hash, so that the server only has to know one page.
import { signal } from '../../vendor/signals.js';

/** @typedef {{page: 'meetings'} | {page: 'jobs'} | {page: 'connections'} | {page: 'account'} | {page: 'atlassian-callback'} | {page: 'meeting', id: string}} Route */

/** An unknown hash is the list of meetings. @param {string} hash @returns {Route} */
export function parseRoute(hash) {
	const [first = '', second = ''] = hash.replace(/^#\/?/, '').split('/');
	if (first === 'meetings' && /^[a-z0-9]{15}$/.test(second)) return { page: 'meeting', id: second };
	if (first === 'jobs' || first === 'connections' || first === 'account' || first === 'atlassian-callback') return { page: first };
	return { page: 'meetings' };
}

/** @param {string} id */
export const meetingHref = (id) => `#/meetings/${encodeURIComponent(id)}`;

/** The current route. startRouter() keeps it up to date. */
export const route = signal(/** @type {Route} */ ({ page: 'meetings' }));

export function startRouter() {
	const update = () => {
		route.value = parseRoute(location.hash);
	};
	addEventListener('hashchange', update);
	update();
}
