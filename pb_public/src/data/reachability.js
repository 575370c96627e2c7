// Whether the server can be reached.
import { signal } from '../../vendor/signals.js';

const interval = 1_000; // milliseconds between two probes

/**
 * Asks the server for a sign of life after something has failed, and goes on until there is one.
 */
export class Reachability {
	/** When the server was last reached, in milliseconds since the epoch; 0 while it can be reached. */
	lostAt = signal(0);

	#probe;
	#isProbing = false;
	#isStopped = false;

	/** @param {() => Promise<boolean>} probe reports whether the server answers; it must not reject */
	constructor(probe) {
		this.#probe = probe;
	}

	/** Something has failed that a server out of reach would explain. */
	async suspect() {
		if (this.#isProbing || this.#isStopped) return;
		this.#isProbing = true;
		const suspected = Date.now();
		for (let failures = 0; !this.#isStopped && !await this.#probe(); await new Promise((resolve) => setTimeout(resolve, interval))) {
			failures++;
			if (failures > 1) this.lostAt.value = suspected; // a restart of the server is shorter than a bar is useful
		}
		this.#isProbing = false;
		this.lostAt.value = 0;
	}

	stop() {
		this.#isStopped = true;
	}
}

const patience = 4_000; // milliseconds

/** Reports whether the server answers; an answer of a proxy in front of it doesn't count. @param {string} url of the server */
export async function probeServer(url) {
	try {
		const response = await fetch(`${url.replace(/\/$/, '')}/api/health`, { cache: 'no-store', signal: AbortSignal.timeout(patience) });
		const isProxy = [502, 503, 504].includes(response.status) && !response.headers.get('content-type')?.includes('json');
		return !isProxy;
	} catch {
		return false;
	}
}
