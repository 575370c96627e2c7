// The session of the signed-in user: started, renewed and ended.
import { signal } from '../../vendor/signals.js';
import { getTokenPayload } from '../../vendor/pocketbase.js';
import { messageOf, statusOf } from '../lib/errors.js';
import { parseDate } from '../lib/format.js';
import { href, isSignInPage, navigate, route } from '../lib/router.js';
import { pb, rememberedSession, rememberSession, removeDatabaseSessions } from './clients.js';
import { endPopupSignIn, signInWithPopup } from './oauth_popup.js';
import { beginRedirect, completeRedirect, prefersRedirect, returned } from './oauth_redirect.js';
import { Workspace } from './workspace.js';

/** @typedef {import('./types.js').DatabaseSession} DatabaseSession */
/** @typedef {import('../../vendor/pocketbase.js').RecordAuthResponse} RecordAuthResponse */

/**
 * @typedef {{phase: 'starting'} | {phase: 'signed-out', notice: string} | {phase: 'offline', notice: string}
 *   | {phase: 'ready', workspace: Workspace}} Session
 */

export const session = signal(/** @type {Session} */ ({ phase: 'starting' }));

const accountRenewal = 2 * 24 * 3600; // the account's token is renewed when it has fewer seconds left
const retryDelay = 20_000;
const minRenewalDelay = 30_000; // in case the clock here is far ahead of the server's
const users = () => pb.collection('users');

/** @type {ReturnType<typeof setTimeout> | undefined} */
let renewalTimer;
/** @type {Promise<void> | null} */
let renewal = null;
let expires = 0; // of the database session, in milliseconds since the epoch

/** Starts the session module, once. */
export function startSession() {
	// Timers stop while the computer sleeps, so that the session may have expired when it wakes.
	document.addEventListener('visibilitychange', () => {
		const isDue = session.value.phase === 'ready' && Date.now() > expires - 60_000;
		if (!document.hidden && isDue) renew().catch(() => {});
	});

	// Another tab signed out, or signed in as another user.
	pb.authStore.onChange((token, record) => {
		const current = session.value;
		if (current.phase !== 'ready') return;
		if (!token) leave('');
		else if (record && record.id !== current.workspace.user.id) location.reload();
	});

	resume();
}

/**
 * Resumes the session stored in this browser: shows the data of the user at once, while the server checks the account.
 * @returns {Promise<void>}
 */
export async function resume() {
	const { token, record } = pb.authStore;
	if (!record || !pb.authStore.isValid) return leave('');
	const database = rememberedSession(record.id);
	if (database) enter({ token, record, meta: { database } });
	else session.value = { phase: 'starting' };
	try {
		const auth = await refreshAccount();
		if (pb.authStore.record?.id === record.id) adopt(auth); // otherwise the user has signed out meanwhile
	} catch (error) {
		if (isRefusal(error)) return pb.authStore.token === token ? leave(refusalNotice(error)) : resume(); // another tab may have replaced the session
		if (session.value.phase === 'starting') session.value = { phase: 'offline', notice: messageOf(error) };
	}
}

/**
 * Renews the account's token. Unlike the SDK's authRefresh, it doesn't save it: the user may have signed out meanwhile.
 * @returns {Promise<RecordAuthResponse>}
 */
const refreshAccount = () => pb.send('/api/collections/users/auth-refresh', { method: 'POST' });

/**
 * The sign-in that waits for its second step: the code that is mailed to the user.
 * @type {import('../../vendor/signals.js').Signal<{mfaId: string} | null>}
 */
export const secondStep = signal(/** @type {{mfaId: string} | null} */ (null));

/** Signs in, or begins the second step. @param {Promise<RecordAuthResponse>} firstStep */
async function enterAfter(firstStep) {
	try {
		enter(await firstStep);
	} catch (/** @type {any} */ error) {
		const mfaId = error?.response?.mfaId;
		if (statusOf(error) !== 401 || typeof mfaId !== 'string') throw error;
		secondStep.value = { mfaId };
	}
}

/** @param {string} email @param {string} password */
export const signIn = (email, password) => enterAfter(users().authWithPassword(email, password));

/**
 * Has the code for the second step mailed.
 * @returns {Promise<import('./types.js').SentCode>}
 */
export const sendSignInCode = () => pb.send('/api/sign-in/code', { method: 'POST', body: secondStep.value ?? {} });

/** Signs in with the code. @param {string} otpId @param {string} code */
export async function enterCode(otpId, code) {
	const body = { ...secondStep.value, otpId, password: code };
	const auth = await pb.send('/api/collections/users/auth-with-otp', { method: 'POST', body });
	pb.authStore.save(auth.token, auth.record);
	enter(auth);
}

/** Goes back to the first step. */
export function abandonSecondStep() {
	secondStep.value = null;
}

/** Chooses another password. Everybody else is signed out. @param {string} oldPassword @param {string} password */
export async function changePassword(oldPassword, password) {
	adopt(await pb.send('/api/account/password', { method: 'POST', body: { oldPassword, password, passwordConfirm: password } }));
}

/** Signs out all other browsers, and revokes all API tokens. */
export async function signOutElsewhere() {
	adopt(await pb.send('/api/account/sign-out-everywhere', { method: 'POST' }));
}

/** Goes on with the session that replaces the current one, which has ended. @param {RecordAuthResponse} auth */
function adopt(auth) {
	pb.authStore.save(auth.token, auth.record);
	const current = session.value;
	/** @type {DatabaseSession | undefined} */
	const databaseSession = auth.meta?.database;
	const isSame = current.phase === 'ready' && databaseSession?.name === current.workspace.db.name && auth.record.email === current.workspace.user.email;
	if (!isSame) return enter(auth); // such as when another tab has noticed the end
	current.workspace.isVerified.value = Boolean(auth.record.verified);
	current.workspace.db.authStore.save(databaseSession.token, null);
	begin(databaseSession);
}

/** @param {string} email @param {string} password */
export async function signUp(email, password) {
	await users().create({ email, password, passwordConfirm: password });
	await signIn(email, password);
}

/** Sends the message that confirms an e-mail address. @param {string} email */
export async function resendVerification(email) {
	await users().requestVerification(email);
}

/** Signs in with a provider: in a pop-up window, or in this one where pop-ups are blocked or hard to use. @param {string} provider its name */
export async function signInWith(provider) {
	if (prefersRedirect()) return beginRedirect(provider);
	const isOpen = await signInWithPopup(provider, enter).catch((/** @type {any} */ error) => enterAfter(Promise.reject(error)));
	if (isOpen === false) await beginRedirect(provider);
}

/** Completes the sign-in with which a provider has just returned to this window. */
export const completeRedirectSignIn = () => enterAfter(completeRedirect());

export function signOut() {
	leave('');
	navigate(href('/'));
}

/** Deletes the account of the signed-in user and with it their database. */
export async function deleteAccount() {
	if (session.value.phase !== 'ready') return;
	await users().delete(session.value.workspace.user.id);
	leave('Your account was deleted.');
	navigate(href('/'));
}

/** @param {RecordAuthResponse} auth */
function enter(auth) {
	/** @type {DatabaseSession | undefined} */
	const databaseSession = auth.meta?.database;
	if (!databaseSession) throw new Error('The server did not open your database. Try again');
	close();
	endPopupSignIn();
	removeDatabaseSessions(databaseSession.name);
	const workspace = new Workspace(auth.record, databaseSession, renew);
	begin(databaseSession);
	secondStep.value = null;
	returned.value = null;
	if (isSignInPage(route.value)) navigate(href('/'), { replace: true });
	session.value = { phase: 'ready', workspace };
	workspace.open();
}

/** Shows the sign-in page. @param {string} notice */
export function leave(notice) {
	close();
	session.value = { phase: 'signed-out', notice };
	pb.authStore.clear();
	removeDatabaseSessions();
}

/** Stops all activity of the signed-in user. */
function close() {
	clearTimeout(renewalTimer);
	if (session.value.phase === 'ready') session.value.workspace.close();
}

/**
 * Renews the session of the user database. Concurrent callers share one request.
 * @returns {Promise<void>}
 */
function renew() {
	renewal ??= requestRenewal().finally(() => {
		renewal = null;
	});
	return renewal;
}

async function requestRenewal() {
	const current = session.value;
	if (current.phase !== 'ready') return;
	const { token } = pb.authStore;
	try {
		const auth = secondsLeft(token) < accountRenewal ? await refreshAccount() : undefined;
		/** @type {DatabaseSession} */
		const databaseSession = auth ? auth.meta?.database : await pb.send('/api/session', { method: 'POST' });
		if (session.value !== current) return;
		if (auth) pb.authStore.save(auth.token, auth.record);
		if (databaseSession.name !== current.workspace.db.name) return location.reload();
		current.workspace.db.authStore.save(databaseSession.token, null);
		begin(databaseSession);
	} catch (error) {
		if (session.value === current) {
			if (isRefusal(error) && pb.authStore.token !== token && pb.authStore.isValid) return requestRenewal(); // another tab has replaced the session
			if (isRefusal(error)) leave(refusalNotice(error));
			else renewIn(retryDelay);
		}
		throw error;
	}
}

/** Remembers a session, and renews it after four fifths of its lifetime. @param {DatabaseSession} databaseSession */
function begin(databaseSession) {
	rememberSession(pb.authStore.record?.id ?? '', databaseSession);
	expires = parseDate(databaseSession.expires)?.getTime() ?? Date.now() + 60_000;
	renewIn(Math.max((expires - Date.now()) * 0.8, minRenewalDelay));
}

/** @param {number} delay milliseconds */
function renewIn(delay) {
	clearTimeout(renewalTimer);
	renewalTimer = setTimeout(() => renew().catch(() => {}), Math.min(delay, 2 ** 31 - 1)); // longer timers fire at once
}

/** @param {unknown} error */
const isRefusal = (error) => [401, 403, 404].includes(statusOf(error));

/** @param {unknown} error */
const refusalNotice = (error) => (statusOf(error) === 403 ? messageOf(error) : 'Your session has expired. Sign in again.');

/** @param {string} token */
const secondsLeft = (token) => Number(getTokenPayload(token).exp ?? 0) - Date.now() / 1000;
