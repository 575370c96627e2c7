// What tabs of a browser have and Node.js lacks: lifecycle events, visibility, and Web Locks.

/** Installs a document and window events, which all tabs of a test share. */
export function installDocument() {
	const events = new EventTarget();
	Object.assign(globalThis, {
		document: Object.assign(new EventTarget(), { hidden: false }),
		addEventListener: events.addEventListener.bind(events),
	});
}

/**
 * A single exclusive Web Lock, as far as the app uses it.
 * @returns {any}
 */
export function fakeLocks() {
	/** @type {(() => void)[]} */
	const waiting = [];
	/** @type {((error: Error) => void) | null} rejects the holder's request */
	let rob = null;

	/** @param {() => Promise<unknown> | undefined} onGranted @param {(value: unknown) => void} resolve @param {(error: Error) => void} reject */
	const grant = async (onGranted, resolve, reject) => {
		rob = reject;
		const result = await onGranted();
		if (rob !== reject) return;
		rob = null;
		resolve(result);
		waiting.shift()?.();
	};
	return {
		/** @type {(...args: [string, {steal?: boolean, signal?: AbortSignal}, () => Promise<unknown> | undefined]) => Promise<unknown>} */
		request: (...[, { steal, signal }, onGranted]) => new Promise((resolve, reject) => {
			const start = () => grant(onGranted, resolve, reject);
			if (steal) {
				rob?.(new Error('stolen'));
				queueMicrotask(start);
			} else if (rob) {
				waiting.push(start);
				signal?.addEventListener('abort', () => {
					const index = waiting.indexOf(start);
					if (index < 0) return;
					waiting.splice(index, 1);
					reject(new Error('aborted'));
				});
			} else {
				rob = reject;
				queueMicrotask(start);
			}
		}),
	};
}

/**
 * Resolves when a condition holds, and fails after five seconds.
 * @param {() => boolean} condition
 * @param {string} message
 */
export async function until(condition, message) {
	const deadline = Date.now() + 5_000;
	while (!condition()) {
		if (Date.now() > deadline) throw new Error(message);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}
