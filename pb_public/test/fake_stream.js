// A stream whose messages a test sends itself, by topic.

export function fakeStream() {
	/** @type {Map<string, (message: any) => void>} */
	const listeners = new Map();
	/** The options of each topic. @type {Record<string, any>} */
	const options = {};
	/** @type {import('../src/data/shared_streams.js').Stream} */
	const stream = {
		subscribe(topic, { onMessage, onReady }, wanted) {
			listeners.set(topic, onMessage);
			options[topic] = wanted;
			queueMicrotask(onReady);
			return () => listeners.delete(topic);
		},
	};
	const send = (/** @type {string} */ topic, /** @type {any} */ message) => listeners.get(topic)?.(message);
	return { stream, listeners, options, send };
}
