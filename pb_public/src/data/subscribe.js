// Realtime subscriptions that also read the current state.

const patience = 3_000; // milliseconds to wait for the stream before reading without it

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Subscribes to a topic and then reads its state. Reads it again after every interruption of the
 * stream, because the server does not resend missed messages.
 * @param {import('../../vendor/pocketbase.js').default} client
 * @param {string} topic such as meetings/* for all records of a collection
 * @param {(message: any) => void} onMessage
 * @param {() => Promise<unknown>} read must not reject
 * @param {{fields?: string}} [options]
 * @returns {() => void} unsubscribes
 */
export function subscribe(client, topic, onMessage, read, options) {
	/** @type {(() => Promise<void>)[]} */
	const subscriptions = [];
	let stopped = false;
	let isLate = false;
	const readAgain = () => {
		if (!stopped) read();
	};
	const stop = () => {
		stopped = true;
		for (const unsubscribe of subscriptions.splice(0)) unsubscribe().catch(() => {}); // the stream may be closed already
	};

	const start = async () => {
		subscriptions.push(await client.realtime.subscribe(topic, (message) => {
			if (!stopped) onMessage(message);
		}, options));
		subscriptions.push(await client.realtime.subscribe('PB_CONNECT', readAgain));
		if (stopped) stop();
		else if (isLate) read();
	};
	const started = start().catch(() => {}); // the client reconnects automatically
	Promise.race([started, wait(patience).then(() => (isLate = true))]).then(readAgain);
	return stop;
}
