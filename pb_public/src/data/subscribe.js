// Realtime subscriptions that also read the current state.

const patience = 3_000; // milliseconds to wait for the stream before reading without it

/**
 * Subscribes to a topic and then reads its state. Reads it again after every interruption of the
 * stream, because the server does not resend missed messages.
 * @param {import('./shared_streams.js').Stream} stream
 * @param {string} topic such as meetings/* for all records of a collection
 * @param {(message: any) => void} onMessage
 * @param {() => Promise<unknown>} read must not reject
 * @param {{fields?: string, atOnce?: boolean}} [options] atOnce: read before the stream is connected, too, because the page shows it first
 * @returns {() => void} unsubscribes
 */
export function subscribe(stream, topic, onMessage, read, { atOnce = false, ...options } = {}) {
	if (atOnce) read();
	const timer = setTimeout(read, patience);
	const onReady = () => {
		clearTimeout(timer);
		read();
	};
	// The server serves topics with options in another way, even if the options are empty: more slowly, or not at all.
	const unsubscribe = stream.subscribe(topic, { onMessage, onReady }, Object.keys(options).length ? options : undefined);
	return () => {
		clearTimeout(timer);
		unsubscribe();
	};
}
