// Clients of both PocketBases: the global one, which holds accounts and jobs, and the user database,
// which a signed session opens.
import PocketBase, { ClientResponseError, LocalAuthStore } from '../../vendor/pocketbase.js';
import { parseDate } from '../lib/format.js';
import { probeServer, Reachability } from './reachability.js';
import { savedFilesKey } from './saved_files.js';

/** @typedef {import('./types.js').DatabaseSession} DatabaseSession */

const databaseKey = 'db_';
const sessionKey = 'session_';
const databaseKeys = [databaseKey, sessionKey, savedFilesKey]; // each is followed by the name of a user database
const maxAttempts = 4;
const busyDelay = 1_000; // milliseconds
const shortSession = 60_000; // milliseconds; the rest of a session that isn't worth starting with

/** The client of the global PocketBase. connect() creates it. @type {PocketBase} */
export let pb;

/** What this tab knows about the server. connect() creates it. @type {Reachability} */
export let reachability;

/** @param {string} url of the server */
export function connect(url) {
	reachability = new Reachability(() => probeServer(url));
	pb = new GlobalDatabase(url, new LocalAuthStore('fathom-to-loom'));
	pb.autoCancellation(false);
	globalThis.addEventListener?.('offline', () => reachability.suspect());
}

/** @param {unknown} error */
function noteFailure(error) {
	if (error instanceof ClientResponseError && !error.isAbort && [0, 502, 503, 504].includes(error.status)) reachability.suspect();
}

class GlobalDatabase extends PocketBase {
	/**
	 * @template T
	 * @param {string} path
	 * @param {import('../../vendor/pocketbase.js').SendOptions} options
	 * @returns {Promise<T>}
	 */
	async send(path, options) {
		try {
			return await super.send(path, options);
		} catch (error) {
			noteFailure(error);
			throw error;
		}
	}
}

/** @param {string} host */
const isLoopback = (host) => ['localhost', '127.0.0.1', '[::1]'].includes(host);

/**
 * To a browser, localhost and 127.0.0.1 are different origins. A page opened under one of them
 * therefore requests a database on this server under its own origin.
 * @param {string} address
 */
function sameOriginURL(address) {
	const url = new URL(address);
	const isHere = url.protocol === location.protocol && url.port === location.port
		&& isLoopback(url.hostname) && isLoopback(location.hostname);
	return isHere ? location.origin + url.pathname : address;
}

/**
 * The client of a user database. After a 401, it renews the session and repeats the request. After a 429, it
 * repeats reads a little later: when a stream was interrupted, all tabs of the browser read at the same time.
 */
export class UserDatabase extends PocketBase {
	#renew;

	/**
	 * @param {DatabaseSession} databaseSession
	 * @param {() => Promise<unknown>} renew saves a new token in this client or throws
	 */
	constructor(databaseSession, renew) {
		super(sameOriginURL(databaseSession.url), new LocalAuthStore(databaseKey + databaseSession.name));
		this.#renew = renew;
		this.name = databaseSession.name;
		this.autoCancellation(false);
		this.authStore.save(databaseSession.token, null);
	}

	/**
	 * @template T
	 * @param {string} path
	 * @param {import('../../vendor/pocketbase.js').SendOptions} options
	 * @returns {Promise<T>}
	 */
	async send(path, options) {
		let isRenewed = false;
		for (let attempt = 1; ; attempt++) {
			const token = this.authStore.token;
			try {
				return await super.send(path, options);
			} catch (error) {
				noteFailure(error);
				if (!(error instanceof ClientResponseError) || attempt === maxAttempts) throw error;
				if (error.status === 401 && !isRenewed) {
					if (this.authStore.token === token) await this.#renew(); // unless a parallel request has renewed it
					isRenewed = true;
				} else if (error.status === 429 && options.method === 'GET') {
					await new Promise((resolve) => setTimeout(resolve, busyDelay * (attempt + Math.random())));
				} else {
					throw error;
				}
			}
		}
	}
}

/** Keeps a session for the pages that this browser opens next. @param {string} account id of its user @param {DatabaseSession} databaseSession */
export function rememberSession(account, databaseSession) {
	localStorage.setItem(sessionKey + databaseSession.name, JSON.stringify({ account, databaseSession }));
}

/** A session of an account that this browser remembers and that goes on for a while. @param {string} account @returns {DatabaseSession | undefined} */
export function rememberedSession(account) {
	for (const key of Object.keys(localStorage)) {
		if (!key.startsWith(sessionKey)) continue;
		const remembered = JSON.parse(localStorage.getItem(key) ?? '{}');
		if (remembered.account === account && Number(parseDate(remembered.databaseSession.expires)) > Date.now() + shortSession) return remembered.databaseSession;
	}
	return undefined;
}

/**
 * Removes the sessions of user databases from this browser, and what it remembers about their files.
 * @param {string} [keep] name of a database whose data is kept
 */
export function removeDatabaseSessions(keep = '') {
	for (const key of Object.keys(localStorage)) {
		if (databaseKeys.some((prefix) => key.startsWith(prefix) && key !== prefix + keep)) localStorage.removeItem(key);
	}
}
