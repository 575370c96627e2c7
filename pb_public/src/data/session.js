// Who is signed in, and keeping them so.
import { signal } from '../../vendor/signals.js';
import { getTokenPayload } from '../../vendor/pocketbase.js';
import { forgetDatabases, pb } from './clients.js';
import { messageOf, statusOf } from '../lib/errors.js';
import { parseDate } from '../lib/format.js';
import { Workspace } from './workspace.js';

/** @typedef {import('./types.js').DatabaseConnection} DatabaseConnection */
/** @typedef {import('../../vendor/pocketbase.js').RecordAuthResponse} RecordAuthResponse */

/**
 * @typedef {{phase: 'starting'} | {phase: 'signed-out', notice: string} | {phase: 'offline', notice: string}
 *   | {phase: 'ready', workspace: Workspace}} Session
 */

export const session = signal(/** @type {Session} */ ({ phase: 'starting' }));

const ended = 'Your session has ended. Sign in again.';
const accountHalfLife = 2 * 24 * 3600; // seconds left of the account's token when it is renewed too
const retryAfter = 20_000;
const soonest = 30_000; // for a clock that is far ahead of the server's
const users = () => pb.collection('users');

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {Promise<void> | null} */
let renewing = null;
let expires = 0;

/** Takes up the session this browser has kept. */
export async function start() {
	if (!pb.authStore.isValid) return leave('');
	session.value = { phase: 'starting' };
	try {
		enter(await users().authRefresh());
	} catch (error) {
		if (isRefusal(error)) leave(farewell(error));
		else session.value = { phase: 'offline', notice: messageOf(error) };
	}
}

/** @param {string} email @param {string} password */
export async function signIn(email, password) {
	enter(await users().authWithPassword(email, password));
}

/** @param {string} email @param {string} password */
export async function signUp(email, password) {
	await users().create({ email, password, passwordConfirm: password });
	await signIn(email, password);
}

/** @param {string} provider */
export async function signInWith(provider) {
	enter(await users().authWithOAuth2({ provider }));
}

export function signOut() {
	leave('');
	location.hash = '#/';
}

/** Deletes the account of the one who is signed in, and with it their database. */
export async function deleteAccount() {
	if (session.value.phase !== 'ready') return;
	await users().delete(session.value.workspace.user.id);
	leave('Your account has been deleted.');
	location.hash = '#/';
}

/** @param {RecordAuthResponse} auth */
function enter(auth) {
	/** @type {DatabaseConnection | undefined} */
	const connection = auth.meta?.database;
	if (!connection) throw new Error('The server didn’t say where your database is');
	close();
	forgetDatabases(connection.name);
	const workspace = new Workspace(auth.record, connection, renew);
	keep(connection);
	session.value = { phase: 'ready', workspace };
	workspace.open();
}

/** @param {string} notice */
function leave(notice) {
	close();
	session.value = { phase: 'signed-out', notice };
	pb.authStore.clear();
	forgetDatabases();
}

/** Stops everything of the one who is signed in. */
function close() {
	clearTimeout(timer);
	if (session.value.phase === 'ready') session.value.workspace.close();
}

/**
 * Gets a fresh session for the user database. Callers at the same time share it.
 * @returns {Promise<void>}
 */
function renew() {
	renewing ??= renewNow().finally(() => {
		renewing = null;
	});
	return renewing;
}

async function renewNow() {
	const asked = session.value;
	if (asked.phase !== 'ready') return;
	try {
		/** @type {DatabaseConnection} */
		const connection = secondsLeft(pb.authStore.token) < accountHalfLife
			? (await users().authRefresh()).meta?.database
			: await pb.send('/api/session', { method: 'POST' });
		if (session.value !== asked) return;
		if (connection.name !== asked.workspace.db.name) return location.reload();
		asked.workspace.db.authStore.save(connection.token, null);
		keep(connection);
	} catch (error) {
		if (session.value === asked) {
			if (isRefusal(error)) leave(farewell(error));
			else schedule(retryAfter);
		}
		throw error;
	}
}

/**
 * Renews a session when four fifths of it have passed.
 * @param {DatabaseConnection} connection
 */
function keep(connection) {
	expires = parseDate(connection.expires)?.getTime() ?? Date.now() + 60_000;
	schedule(Math.max((expires - Date.now()) * 0.8, soonest));
}

/** @param {number} wait milliseconds */
function schedule(wait) {
	clearTimeout(timer);
	timer = setTimeout(() => renew().catch(() => {}), Math.min(wait, 2 ** 31 - 1));
}

/** @param {unknown} error */
const isRefusal = (error) => [401, 403, 404].includes(statusOf(error));

/** @param {unknown} error */
const farewell = (error) => (statusOf(error) === 403 ? messageOf(error) : ended);

/** @param {string} token */
const secondsLeft = (token) => Number(getTokenPayload(token).exp ?? 0) - Date.now() / 1000;

// Timers sleep with the computer; a session may be over when it wakes.
document.addEventListener('visibilitychange', () => {
	const due = session.value.phase === 'ready' && Date.now() > expires - 60_000;
	if (!document.hidden && due) renew().catch(() => {});
});

// Another tab signed out, or in as somebody else.
pb.authStore.onChange((token, record) => {
	const now = session.value;
	if (now.phase !== 'ready') return;
	if (!token) leave('');
	else if (record && record.id !== now.workspace.user.id) location.reload();
});
