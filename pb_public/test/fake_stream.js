// A stream whose messages a test sends itself, by topic.

export function fakeStream() {
	/** @type {Map<string, (message: any) => void>} */
	const listeners = new Map();
	/** @type {import('../src/data/shared_streams.js').Stream} */
	const stream = {
		subscribe(topic, { onMessage, onReady }) {
			listeners.set(topic, onMessage);
			queueMicrotask(onReady);
			return () => listeners.delete(topic);
		},
	};
	const send = (/** @type {string} */ topic, /** @type {any} */ message) => listeners.get(topic)?.(message);
	return { stream, listeners, send };
}
