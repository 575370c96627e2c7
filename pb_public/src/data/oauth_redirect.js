// Signs in with an OAuth2 provider in this window, which leaves the app and returns to the page /oauth-callback.
import { signal } from '../../vendor/signals.js';
import { isOurReturn, redirectAddress } from '../lib/oauth_redirect.js';
import { safeURL } from '../lib/safe_url.js';
import { href } from '../lib/router.js';
import { pb } from './clients.js';

/** @typedef {import('../lib/oauth_redirect.js').StartedSignIn} StartedSignIn */

/**
 * What a provider returned. `started` is the sign-in that this tab has started, unless a stranger's link has opened the page.
 * @typedef {{code: string, error: string, started: StartedSignIn | null}} Return
 */

const startedKey = 'oauth-sign-in';

/** What has to be completed, until that is done. It is kept in memory only. */
export const returned = signal(/** @type {Return | null} */ (null));

/** Whether a pop-up window would be hard to use: on phones it hides the app, and browsers close it. */
export const prefersRedirect = () => matchMedia('(pointer: coarse)').matches || innerWidth < 700;

/** Takes the code out of the address and the history, if a provider has just returned. Call it before anything else reads the address. */
export function receiveReturn() {
	if (!location.pathname.endsWith('/oauth-callback')) return;
	const query = new URLSearchParams(location.search);
	const started = takeStarted();
	returned.value = {
		code: query.get('code') ?? '', error: query.get('error') ?? '',
		started: isOurReturn(started, query.get('state') ?? '', Date.now()) ? started : null,
	};
	history.replaceState(null, '', href('/sign-in'));
}

/** @returns {StartedSignIn | null} */
function takeStarted() {
	const text = sessionStorage.getItem(startedKey);
	sessionStorage.removeItem(startedKey); // it is completed once
	try {
		return JSON.parse(text ?? 'null');
	} catch {
		return null;
	}
}

/** Leaves the app for a provider's page. @param {string} name of the provider */
export async function beginRedirect(name) {
	const { oauth2 } = await pb.collection('users').listAuthMethods();
	const provider = oauth2.providers.find((one) => one.name === name);
	if (!provider) throw new Error('This server no longer offers this way to sign in');
	const redirectURL = pb.buildURL('/api/oauth2-redirect');
	const state = `page-${crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4))).join('-')}`;
	const address = safeURL(redirectAddress(provider.authURL, redirectURL, state));
	if (!address) throw new Error('The address of the provider’s page cannot be used');
	/** @type {StartedSignIn} */
	const started = { provider: name, state, codeVerifier: provider.codeVerifier, redirectURL, at: Date.now() };
	sessionStorage.setItem(startedKey, JSON.stringify(started));
	location.assign(address);
	await new Promise((resolve) => addEventListener('pageshow', resolve, { once: true })); // until people come back with the Back button
}

/**
 * Ends the sign-in with the code that the provider returned, which can be used once.
 * @returns {Promise<import('../../vendor/pocketbase.js').RecordAuthResponse>}
 */
export async function completeRedirect() {
	const received = returned.value;
	returned.value = null;
	if (received?.error) throw new Error(received.error === 'access_denied' ? 'Sign-in was cancelled' : 'The other service could not sign you in. Try again');
	if (!received?.started || !received.code) throw new Error('This sign-in was started in another window, or too long ago. Try again');
	const { provider, codeVerifier, redirectURL } = received.started;
	// With the session of another tab, the provider would be added to its account.
	return pb.collection('users').authWithOAuth2Code(provider, received.code, codeVerifier, redirectURL, {}, { headers: { Authorization: '' } });
}
