import { announce } from './announce.js';

/** Copies a text, and says so. Browsers don't allow it on plain HTTP. @param {string} text @param {string} done */
export async function copyText(text, done) {
	try {
		await navigator.clipboard.writeText(text);
		announce(done);
	} catch {
		announce('Your browser doesn’t allow copying here. Select the text and copy it.');
	}
}
