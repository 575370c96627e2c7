// Realtime messages of a topic, for as long as somebody follows them.

const patience = 3_000; // then what can be read is shown without waiting for the stream

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Subscribes, then reads; and reads again whenever the stream was interrupted,
 * because what happened meanwhile is not sent.
 * @param {import('../../vendor/pocketbase.js').default} client
 * @param {string} topic such as meetings/* for all records of a collection
 * @param {(message: any) => void} take
 * @param {() => Promise<unknown>} read must not reject
 * @param {{fields?: string}} [options]
 * @returns {() => void} ends it
 */
export function follow(client, topic, take, read, options) {
	/** @type {(() => Promise<void>)[]} */
	const stops = [];
	let stopped = false;
	let isLate = false;
	const again = () => {
		if (!stopped) read();
	};
	const stop = () => {
		stopped = true;
		for (const end of stops.splice(0)) end().catch(() => {}); // the stream is gone already
	};

	const subscribe = async () => {
		stops.push(await client.realtime.subscribe(topic, (message) => {
			if (!stopped) take(message);
		}, options));
		stops.push(await client.realtime.subscribe('PB_CONNECT', again));
		if (stopped) stop();
		else if (isLate) read();
	};
	const subscribed = subscribe().catch(() => {}); // the client goes on trying by itself
	Promise.race([subscribed, wait(patience).then(() => (isLate = true))]).then(again);
	return stop;
}
