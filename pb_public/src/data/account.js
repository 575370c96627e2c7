// Changes of an account that start or end with a mail.
import { getTokenPayload } from '../../vendor/pocketbase.js';
import { isAddress } from '../lib/account_text.js';
import { href, navigate } from '../lib/router.js';
import { pb } from './clients.js';
import { leave, session, signIn } from './session.js';

const users = () => pb.collection('users');

/** What a link says about itself; blank if it isn't complete. Only the server can tell whether it is true. @param {string} token @param {'email' | 'newEmail'} name */
export function claimOf(token, name) {
	const claim = getTokenPayload(token)[name];
	return typeof claim === 'string' && isAddress(claim) ? claim : ''; // a stranger may have made up the link
}

/** Mails a link for a new password, if there is such an account. @param {string} email */
export const requestPasswordReset = (email) => users().requestPasswordReset(email);

/** Mails a link to a new address of the signed-in user. @param {string} email */
export const requestNewEmail = (email) => users().requestEmailChange(email);

/** Chooses a new password, and signs in with it. @param {string} token @param {string} password */
export async function resetPassword(token, password) {
	await users().confirmPasswordReset(token, password, password);
	await signInAgain(claimOf(token, 'email'), password, 'Your new password was saved. Sign in with it.');
}

/** Confirms a new address, and signs in with it. @param {string} token @param {string} password */
export async function confirmNewEmail(token, password) {
	const email = claimOf(token, 'newEmail');
	await users().confirmEmailChange(token, password);
	await signInAgain(email, password, `Your new address was saved. Sign in with ${email}.`);
}

/** Confirms the address of an account. @param {string} token */
export async function verifyEmail(token) {
	await users().confirmVerification(token);
	if (session.value.phase === 'ready') await session.value.workspace.checkVerified().catch(() => {}); // the next page checks again
}

/** Replaces the session that has ended. If that fails, the sign-in page says what has happened. @param {string} email @param {string} password @param {string} notice */
async function signInAgain(email, password, notice) {
	leave(notice);
	await signIn(email, password).catch(() => {});
	navigate(href(session.value.phase === 'ready' ? '/' : '/sign-in'), { replace: true }); // where the form says what is wrong or missing
}
