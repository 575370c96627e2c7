// The pages of the app, and how people get from one to another with the History API.
import { signal } from '../../vendor/signals.js';
import { activityQuery } from './activity_filter.js';
import { appURL } from './app_url.js';

export const settingsSections = /** @type {const} */ (['fathom', 'loom', 'automation', 'notifications', 'storage', 'security', 'tokens', 'data', 'appearance']);

export const meetingTabs = /** @type {const} */ (['transcript', 'summary', 'actions']);

/** Pages without parts. The server answers requests for them: see hooks/web_app_pages.go. */
const plainPages = /** @type {const} */ (['atlassian-callback', 'help', 'sign-in', 'sign-up', 'upload', 'forgot-password', 'reset-password', 'verify-email', 'confirm-email', 'oauth-callback']);

/**
 * at is a moment of the recording in seconds.
 * @typedef {typeof settingsSections[number]} SettingsSection
 * @typedef {typeof meetingTabs[number]} MeetingTab
 * @typedef {{page: 'meetings', query?: string} | {page: typeof plainPages[number]} | {page: 'settings', section: SettingsSection} | {page: 'authorize', query: string}
 *   | {page: 'activity' | 'search', query: string} | {page: 'meeting', id: string, at?: number, tab?: MeetingTab} | {page: 'not-found'}} Route
 */

/** The pages that former versions of the app had in the hash. @type {Record<string, string>} */
const formerPages = { jobs: '/activity', connections: '/settings', account: '/settings/notifications' };

/** @param {string} path below the app's address, with its query @returns {Route} */
export function parseRoute(path) {
	const [names = '', query = ''] = path.split(/\?(.*)/s);
	const [first = '', second = '', ...more] = names.replace(/^\//, '').replace(/\/$/, '').split('/');
	const params = new URLSearchParams(query);
	if (more.length) return { page: 'not-found' };
	if (first === 'meetings' && /^[a-z0-9]{15}$/.test(second)) {
		const at = params.get('t') ?? '';
		const tab = meetingTabs.find((name) => name === params.get('tab'));
		return { page: 'meeting', id: second, ...(/^\d{1,7}$/.test(at) && { at: Number(at) }), ...(tab && { tab }) };
	}
	if (first === 'settings') {
		const section = settingsSections.find((name) => name === (second || 'fathom'));
		return section ? { page: 'settings', section } : { page: 'not-found' };
	}
	if (second) return { page: 'not-found' };
	if (first === '' || first === 'meetings') return { page: 'meetings', ...(query && { query }) };
	if (first === 'activity') return { page: 'activity', query };
	if (first === 'search') return { page: 'search', query: (params.get('q') ?? '').trim() };
	if (first === 'authorize') return { page: 'authorize', query };
	const plain = plainPages.find((name) => name === first);
	return { page: plain ?? 'not-found' };
}

/** The path that replaces a hash of former versions; undefined for another hash. @param {string} hash */
export function formerPath(hash) {
	if (!hash.startsWith('#/')) return undefined;
	const [name = '', query] = hash.slice(2).split(/\?(.*)/s);
	const path = formerPages[name] ?? `/${name}`;
	return query === undefined ? path : `${path}?${query}`;
}

/** Whether a page is for people who aren't signed in. @param {Route} current */
export const isSignInPage = ({ page }) => page === 'sign-in' || page === 'sign-up' || page === 'forgot-password' || page === 'oauth-callback';

/** Whether a page is one to which mail leads, for everybody. @param {Route} current */
export const isMailPage = ({ page }) => page === 'reset-password' || page === 'verify-email' || page === 'confirm-email';

/** Identifies what is shown: another search, or another moment of a recording, is shown on the same page. @param {Route} current */
export const pageKey = (current) => [current.page, 'id' in current ? current.id : ''].join('/');

/** The address of a page. @param {`/${string}`} path below the app's address */
export const href = (path) => appURL() + path;

/** @param {string} id @param {MeetingTab} [tab] */
export const meetingHref = (id, tab) => href(`/meetings/${encodeURIComponent(id)}${tab ? `?tab=${tab}` : ''}`);

/** @param {string} id of a meeting @param {number} seconds from the start of its recording */
export const momentHref = (id, seconds) => `${meetingHref(id)}?t=${Math.max(0, Math.floor(seconds))}`;

/** @param {string} query */
export const searchHref = (query) => href(`/search?${new URLSearchParams({ q: query })}`);

/** @param {import('./activity_filter.js').ActivityFilter} [filter] */
export function activityHref(filter) {
	const query = filter ? activityQuery(filter) : '';
	return href(query ? `/activity?${query}` : '/activity');
}

/** @param {SettingsSection} section */
export const settingsHref = (section) => href(`/settings/${section}`);

/** The current route. startRouter() keeps it up to date. */
export const route = signal(/** @type {Route} */ ({ page: 'meetings' }));

/** Whether an address is that of a page of the app. @param {string} address */
const isPage = (address) => address === appURL() || address.startsWith(`${appURL()}/`);

function update() {
	const former = formerPath(location.hash);
	if (former !== undefined && isPage(location.href)) history.replaceState(null, '', appURL() + former);
	route.value = parseRoute((location.origin + location.pathname).slice(appURL().length) + location.search);
}

/**
 * Opens a page of the app.
 * @param {string} address from href() and the like
 * @param {{replace?: boolean}} [options] replace: the Back button doesn't lead to the current page
 */
export function navigate(address, { replace = false } = {}) {
	const isCurrent = new URL(address, location.href).href === location.href; // the Back button would seem to do nothing
	history[replace || isCurrent ? 'replaceState' : 'pushState'](null, '', address);
	update();
	if (!replace) scrollTo(0, 0);
}

/** Opens links to pages of the app without loading the app again. @param {any} event a click */
function followLink(event) {
	if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
	const link = event.target?.closest?.('a[href]');
	if (!link || link.target || link.hasAttribute('download') || !isPage(link.href)) return;
	const path = link.href.slice(appURL().length).split(/[?#]/)[0];
	if (/^\/(_|api|db|s|mcp|oauth)(\/|$)/.test(path)) return; // the server's own pages and files
	event.preventDefault();
	navigate(link.href);
}

export function startRouter() {
	addEventListener('popstate', update); // also after a change of the hash
	addEventListener('click', followLink);
	update();
}
