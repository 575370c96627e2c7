// Routes live in the hash, so that the server needs to know one page only.
import { signal } from '../../vendor/signals.js';

/** @typedef {{page: 'meetings'} | {page: 'jobs'} | {page: 'connections'} | {page: 'account'} | {page: 'meeting', id: string}} Route */

/** @param {string} hash @returns {Route} */
export function parseRoute(hash) {
	const [first = '', second = ''] = hash.replace(/^#\/?/, '').split('/');
	if (first === 'meetings' && /^[a-z0-9]{15}$/.test(second)) return { page: 'meeting', id: second };
	if (first === 'jobs' || first === 'connections' || first === 'account') return { page: first };
	return { page: 'meetings' };
}

/** @param {string} id */
export const meetingHref = (id) => `#/meetings/${encodeURIComponent(id)}`;

export const route = signal(parseRoute(location.hash));

addEventListener('hashchange', () => {
	route.value = parseRoute(location.hash);
});

/** @param {string} href */
export function go(href) {
	location.hash = href;
}
