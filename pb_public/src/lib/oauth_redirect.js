// The sign-in with an OAuth2 provider that leaves this window: where to, and whether its return is believed.

/**
 * at is in milliseconds since the epoch.
 * @typedef {{provider: string, state: string, codeVerifier: string, redirectURL: string, at: number}} StartedSignIn
 */

const validFor = 15 * 60_000; // milliseconds

/**
 * The address of a provider's page.
 * @param {string} authURL from the server, which ends where the redirect URL belongs
 * @param {string} redirectURL
 * @param {string} state replaces the server's, which belongs to pop-up windows
 */
export function redirectAddress(authURL, redirectURL, state) {
	const url = new URL(authURL + encodeURIComponent(redirectURL));
	url.searchParams.set('state', state);
	return url.href;
}

/**
 * Whether a return belongs to the sign-in that this tab has started. Otherwise a stranger could sign people in to an account of
 * theirs with a link.
 * @param {StartedSignIn | null} started
 * @param {string} state that was returned
 * @param {number} now
 */
export function isOurReturn(started, state, now) {
	return Boolean(started?.state) && started?.state === state && now - started.at < validFor && now >= started.at - 60_000;
}
