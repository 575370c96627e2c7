// Signs in with an OAuth2 provider in a pop-up window.
import { pb } from './clients.js';

/** @typedef {import('../../vendor/pocketbase.js').RecordAuthResponse} RecordAuthResponse */

const pollInterval = 250; // milliseconds
const closingTime = 1_500; // milliseconds; the window also closes itself shortly before the sign-in succeeds
const lateSuccess = 60_000; // milliseconds
const cancelledText = 'Sign-in was cancelled.';

/** Ends the sign-in that is running, if there is one. */
export let endPopupSignIn = () => {};

/**
 * Opens a provider's page in a window. Call it from a click, or the browser blocks the window. Rejects soon
 * after the window is closed. Some providers' pages only appear to be closed, so that a sign-in may succeed
 * later: `onSuccess` is called once in either case. Resolves to false if the browser blocks the window.
 * @param {string} provider
 * @param {(auth: RecordAuthResponse) => void} onSuccess
 * @returns {Promise<boolean>}
 */
export async function signInWithPopup(provider, onSuccess) {
	endPopupSignIn();
	const popup = open('about:blank', '_blank', `popup,width=${Math.min(innerWidth, 1024)},height=${Math.min(innerHeight, 768)}`);
	if (!popup) return false;
	const { promise: abandoned, reject: abandon } = withReject();
	endPopupSignIn = () => abandon(new Error(cancelledText));
	const signedIn = pb.collection('users').authWithOAuth2({
		provider,
		urlCallback(url) {
			popup.location.href = url;
			return abandoned; // the client closes its stream when this rejects
		},
	}).then(onSuccess);
	signedIn.catch(() => {}).finally(() => popup.close());

	const { promise: cancelled, reject: cancel } = withReject();
	const timer = setInterval(() => {
		if (!popup.closed) return;
		clearInterval(timer);
		setTimeout(() => cancel(new Error(cancelledText)), closingTime);
		setTimeout(() => abandon(new Error(cancelledText)), lateSuccess);
	}, pollInterval);
	try {
		await Promise.race([signedIn, cancelled]);
		return true;
	} catch (error) {
		throw isRefusedByUser(error) ? new Error(cancelledText) : error;
	} finally {
		clearInterval(timer);
	}
}

/** Reports whether the provider's page was left with its own cancel button. @param {any} error */
const isRefusedByUser = (error) => /^OAuth2 redirect error/.test(error?.originalError?.message ?? '');

/** A promise that never resolves, and its reject function. */
function withReject() {
	/** @type {(error: Error) => void} */
	let reject = () => {};
	/** @type {Promise<never>} */
	const promise = new Promise((...[, fail]) => (reject = fail));
	promise.catch(() => {}); // it may reject after the race
	return { promise, reject };
}
