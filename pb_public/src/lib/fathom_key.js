// What a Fathom API key looks like, and what to do when the server can't test one.
import { statusOf } from './errors.js';

/** Fathom's page on which people create their keys. */
export const keyPage = 'https://fathom.video/customize#api-access-header';

/** Why a pasted text can't be a key, as a sentence; blank if it may be one. @param {string} text without spaces around it */
export function keyProblem(text) {
	if (!text) return 'Paste your Fathom API key here.';
	if (/^https?:/i.test(text)) return 'This is the address of a page. Paste the API key that Fathom shows on that page.';
	if (/^whsec_/.test(text)) return 'This is the secret of a webhook. Create a key under API Access and paste that.';
	if (/^[•●*·.…]+$/.test(text)) return 'These are dots that hide a key. Copy the key with Fathom’s copy button.';
	if (/\s/.test(text)) return 'An API key has no spaces. Copy the key again, and nothing else.';
	if (/[^!-~]/.test(text)) return 'This contains characters that no API key has. Copy the key again, and nothing else.';
	if (/^[^@]+@[^@]+\.[^@]+$/.test(text)) return 'This is an e-mail address. Paste the API key that Fathom shows under API Access.';
	if (text.length > 8192) return 'This is too long for an API key. Copy the key again, and nothing else.';
	return '';
}

/** Reports whether the server couldn't test a key, because Fathom is busy or can't be reached. @param {any} error of saving it */
export const isUntested = (error) => statusOf(error) === 503;
