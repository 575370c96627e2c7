// Words about signing in and about the account.
import { firstMessage, fieldError, statusOf } from './errors.js';

/** A lifetime in seconds: "10 minutes". @param {number} seconds */
export function lifetimeText(seconds) {
	const minutes = Math.max(1, Math.round(seconds / 60));
	return minutes === 1 ? 'a minute' : `${minutes} minutes`;
}

/** Whether the first step of a sign-in is so long ago that it has to be repeated. @param {any} error */
export const isStepExpired = (error) => statusOf(error) === 400 && /password first|first step|MFA session/i.test(error.response?.message ?? '');

/** Why a code wasn't accepted. @param {any} error */
export function codeProblem(error) {
	if (!error) return '';
	if (isStepExpired(error)) return 'Too much time has passed. Go back and sign in again.';
	return statusOf(error) === 400 ? 'The code is wrong or has expired.' : firstMessage(error);
}

/** Why a link in a mail doesn't work whose secret is cut. */
export const incompleteLink = 'This link is incomplete. Open it again from the message, or copy all of it.';

/**
 * Why a link in a mail doesn't work; blank if the problem is another one.
 * @param {any} error
 */
export function linkProblem(error) {
	const isRefused = statusOf(error) === 400 && (fieldError(error, 'token') || !Object.keys(error.response?.data ?? {}).length);
	return isRefused ? 'This link has expired or was used already.' : '';
}

/** Whether a text has the form of an e-mail address. @param {string} text */
export const isAddress = (text) => text.length <= 255 && /^[^\s@<>"]+@[^\s@<>"]+$/.test(text);

/** The events that the list of sign-ins shows. */
export const signInEvents = ['sign_in', 'sign_in_failed', 'sessions_ended', 'password_changed'];
