// A read of the server's state that is repeated after a failure. Realtime messages only report what changes from then
// on, so without a repetition the page would show the old state until the next change.
import { ClientResponseError } from '../../vendor/pocketbase.js';
import { statusOf } from '../lib/errors.js';

const firstDelay = 1_000; // milliseconds; each further failure doubles it
const longestDelay = 60_000;

export class RepeatedRead {
	#read;
	#runs = 0;
	#failures = 0; // in a row
	#isStopped = false;
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	#timer;

	/** @param {() => Promise<unknown>} read rejects when it has failed */
	constructor(read) {
		this.#read = read;
	}

	/** Reads at once, and again later if that fails but may succeed then. It doesn't reject, and returns after the first attempt. */
	async run() {
		clearTimeout(this.#timer);
		const run = ++this.#runs;
		/** @type {unknown} */
		let failure;
		try {
			await this.#read();
		} catch (error) {
			failure = error;
		}
		if (run !== this.#runs || this.#isStopped) return; // a later read has the newer state
		this.#failures = failure ? this.#failures + 1 : 0;
		if (mayPass(failure)) this.#timer = setTimeout(() => this.run(), delayAfter(this.#failures));
	}

	stop() {
		this.#isStopped = true;
		clearTimeout(this.#timer);
	}
}

/** Reports whether a request failed because the server was busy, broken or out of reach. @param {unknown} error */
function mayPass(error) {
	if (!(error instanceof ClientResponseError) || error.isAbort) return false;
	const status = statusOf(error);
	return status === 0 || status === 429 || status >= 500;
}

/** Random, so that all tabs and all parts of the page don't read at the same time. @param {number} failures in a row */
const delayAfter = (failures) => Math.min(firstDelay * 2 ** (failures - 1), longestDelay) * (0.75 + Math.random() / 2);
