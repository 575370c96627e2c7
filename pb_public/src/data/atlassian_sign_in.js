// Signing in to Atlassian, which leaves this app and returns to the page /atlassian-callback.
import { signal } from '../../vendor/signals.js';
import { appURL } from '../lib/app_url.js';
import { safeURL } from '../lib/safe_url.js';

/**
 * What Atlassian returned. `isOurs` tells that this tab has started the sign-in; otherwise a stranger's link may have
 * written what it says.
 * @typedef {{code: string, state: string, error: string, description: string, isOurs: boolean}} Callback
 */

const callbackPath = '/atlassian-callback'; // below the app's address
const startedKey = 'atlassian-sign-in'; // the state of the sign-in that this tab has started

/** What has to be completed, until that is done. It is kept in memory only, also while the user signs in to this app. */
export const callback = signal(/** @type {Callback | null} */ (null));

/** Whether the user has come back from Atlassian's page, in this tab, although Atlassian has not returned. */
export const isUnfinished = signal(false);

/** Forgets a sign-in that this tab has started. */
export function forgetSignIn() {
	sessionStorage.removeItem(startedKey);
	isUnfinished.value = false;
}

/** Finds out whether a sign-in is unfinished. Call it when the page is shown. */
export function noticeUnfinished() {
	isUnfinished.value = sessionStorage.getItem(startedKey) !== null;
}

/** Takes the code out of the address and the history, if Atlassian has just returned. Call it before anything else reads the address. */
export function receiveCallback() {
	if (!location.pathname.endsWith(callbackPath)) return;
	const query = new URLSearchParams(location.search);
	if (!query.has('code') && !query.has('error')) return; // the page was loaded again
	/** @param {string} name */
	const value = (name) => query.get(name) ?? '';
	const state = value('state');
	const isOurs = Boolean(state) && sessionStorage.getItem(startedKey) === state;
	forgetSignIn();
	callback.value = { code: value('code'), state, error: value('error'), description: value('error_description'), isOurs };
	history.replaceState(null, '', appURL() + callbackPath);
}

/** Leaves this app for Atlassian's page. @param {import('./workspace.js').Workspace} workspace */
export async function beginSignIn({ db }) {
	/** @type {{url: string}} */
	const { url } = await db.send('/api/loom/sign-in', { method: 'POST', body: { redirect: appURL() } });
	const address = safeURL(url);
	if (!address) throw new Error('The address of Atlassian’s page cannot be used. Try again');
	isUnfinished.value = false;
	sessionStorage.setItem(startedKey, new URL(address).searchParams.get('state') ?? '');
	location.assign(address);
}

/**
 * Ends a sign-in with the code that Atlassian returned, which can be used once.
 * @param {import('./workspace.js').Workspace} workspace
 * @param {Callback} received
 */
export async function completeSignIn({ db, connections }, { code, state }) {
	connections.put(await db.send('/api/loom/sign-in/complete', { method: 'POST', body: { code, state } }));
}
