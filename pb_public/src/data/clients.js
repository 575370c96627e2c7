// The two PocketBases: the global one, where people sign in and jobs queue, and
// the user's own, which a signed session opens.
import PocketBase, { ClientResponseError, LocalAuthStore } from '../../vendor/pocketbase.js';

/** @typedef {import('./types.js').DatabaseConnection} DatabaseConnection */

const databaseKey = 'db_';

export const pb = new PocketBase(location.origin, new LocalAuthStore('fathom-to-loom'));
pb.autoCancellation(false);

/** @param {string} host */
const isLoopback = (host) => ['localhost', '127.0.0.1', '[::1]'].includes(host);

/**
 * A page opened at localhost reaches a database at 127.0.0.1 by its own name:
 * to a browser the two are different origins.
 * @param {string} address
 */
function reachable(address) {
	const url = new URL(address);
	const isHere = url.protocol === location.protocol && url.port === location.port
		&& isLoopback(url.hostname) && isLoopback(location.hostname);
	return isHere ? location.origin + url.pathname : address;
}

/** A user database. A 401 renews the session once and asks again. */
export class UserDatabase extends PocketBase {
	#renew;

	/**
	 * @param {DatabaseConnection} connection
	 * @param {() => Promise<unknown>} renew saves a new token here or throws
	 */
	constructor(connection, renew) {
		super(reachable(connection.url), new LocalAuthStore(databaseKey + connection.name));
		this.#renew = renew;
		this.name = connection.name;
		this.autoCancellation(false);
		this.authStore.save(connection.token, null);
	}

	/**
	 * @template T
	 * @param {string} path
	 * @param {import('../../vendor/pocketbase.js').SendOptions} options
	 * @returns {Promise<T>}
	 */
	async send(path, options) {
		const token = this.authStore.token;
		try {
			return await super.send(path, options);
		} catch (error) {
			if (!(error instanceof ClientResponseError) || error.status !== 401) throw error;
			if (this.authStore.token === token) await this.#renew();
			return super.send(path, options);
		}
	}
}

/**
 * Removes the sessions of other user databases from this browser.
 * @param {string} [keep] name of the one to keep
 */
export function forgetDatabases(keep = '') {
	for (const key of Object.keys(localStorage)) {
		if (key.startsWith(databaseKey) && key !== databaseKey + keep) localStorage.removeItem(key);
	}
}
