// The realtime streams of an account, shared by all tabs of this browser. Over HTTP/1.1 a browser opens six
// connections to a server, so with streams of their own a few tabs would leave none for requests. The
// leading tab holds the streams and forwards their messages to the others.
import { TabLeader } from './tab_leader.js';

/** @typedef {import('../../vendor/pocketbase.js').default} PocketBase */
/** @typedef {{fields?: string}} Options */

/**
 * A subscription at the server.
 * @typedef {{name: string, isLive: boolean, unsubscribe: () => Promise<void>}} Subscription
 */

/**
 * A listener to a topic. `onReady` is called whenever the topic is live again, so that messages before may
 * have been missed.
 * @typedef {{onMessage: (message: any) => void, onReady: () => void}} Listener
 */

/**
 * A source of realtime messages.
 * @typedef {object} Stream
 * @property {(topic: string, listener: Listener, options?: Options) => () => void} subscribe returns a
 *   function that unsubscribes
 */

const retryDelay = 2_000; // milliseconds

export class SharedStreams {
	/** Is called when a stream is interrupted, or can't be opened. */
	onInterruption = () => {};

	#clients;
	#leader;
	/** What this tab listens to, by topic key. @type {Map<string, {listeners: Set<Listener>, isReady: boolean}>} */
	#topics = new Map();
	/** At the leader: the topic keys of each tab. @type {Map<string, Set<string>>} */
	#tabs = new Map();
	/** At the leader: the topics that are subscribed at the server. @type {Map<string, Subscription>} */
	#subscriptions = new Map();
	/** At the leader: restarts a stream after a failure. @type {Map<string, ReturnType<typeof setTimeout>>} */
	#retries = new Map();
	/** At the leader: the clients whose stream is interrupted. @type {Set<string>} */
	#interrupted = new Set();
	/** @type {ReturnType<typeof setInterval> | undefined} */
	#reminder;
	#isGreeting = false;

	/**
	 * @param {string} account id of the user
	 * @param {Record<string, PocketBase>} clients by the name of their stream
	 * @param {LockManager | undefined} [locks] undefined without Web Locks
	 */
	constructor(account, clients, locks = globalThis.navigator?.locks) {
		this.#clients = clients;
		this.#leader = new TabLeader(`fathom-to-loom-streams-1-${account}`, {
			onLead: () => this.#open(),
			onFollow: () => this.#close(),
			greeting: () => this.#topicKeys(),
			onGreeting: (tab, keys) => this.#setTopics(tab, keys),
			onLeave: (tab) => this.#setTopics(tab, []),
			onMessage: (message) => this.#deliver(message),
		}, locks);
	}

	start() {
		this.#leader.start();
	}

	stop() {
		this.#leader.stop();
	}

	/** @param {string} name of a client @returns {Stream} */
	stream(name) {
		return {
			subscribe: (topic, listener, options) => this.#subscribe(JSON.stringify([name, topic, options ?? null]), listener),
		};
	}

	/** @param {string} key @param {Listener} listener */
	#subscribe(key, listener) {
		const topic = this.#topics.get(key) ?? { listeners: new Set(), isReady: false };
		this.#topics.set(key, topic);
		topic.listeners.add(listener);
		if (topic.isReady) queueMicrotask(() => topic.listeners.has(listener) && listener.onReady());
		else this.#greetSoon();
		return () => {
			topic.listeners.delete(listener);
			if (!topic.listeners.size) this.#greetSoon();
		};
	}

	/** Forgets topics without listeners only now, because the next page may listen to them again at once. */
	#topicKeys() {
		for (const [key, { listeners }] of this.#topics) {
			if (!listeners.size) this.#topics.delete(key);
		}
		return [...this.#topics.keys()];
	}

	/** Several changes of the topics are sent as one. */
	#greetSoon() {
		if (this.#isGreeting) return;
		this.#isGreeting = true;
		queueMicrotask(() => {
			this.#isGreeting = false;
			this.#leader.greet();
		});
	}

	/** @param {{type: string, keys: string[], data?: any}} message */
	#deliver({ type, keys, data }) {
		if (type === 'interruption') this.onInterruption();
		for (const key of keys) {
			const topic = this.#topics.get(key);
			if (!topic) continue;
			if (type === 'ready') topic.isReady = true;
			for (const listener of topic.listeners) {
				if (type === 'ready') listener.onReady();
				else listener.onMessage(data);
			}
		}
	}

	#open() {
		for (const name of Object.keys(this.#clients)) {
			this.#clients[name].realtime.onDisconnect = (/** @type {string[]} */ topics) => {
				if (topics.length) this.#watchInterruption(name); // otherwise, the client itself has closed the stream
			};
			this.#watchReconnects(name);
		}
	}

	/** Reports an interruption until the client has connected again, which it tries by itself. @param {string} name of a client */
	#watchInterruption(name) {
		this.#interrupted.add(name);
		this.#reportInterruption();
		this.#reminder ??= setInterval(() => {
			if (this.#interrupted.size) return this.#reportInterruption();
			clearInterval(this.#reminder);
			this.#reminder = undefined;
		}, retryDelay);
	}

	#reportInterruption() {
		const message = { type: 'interruption', keys: [] };
		this.#deliver(message);
		this.#leader.send(message);
	}

	/** After an interruption, the client has already subscribed to all topics again. @param {string} name of a client */
	#watchReconnects(name) {
		this.#clients[name].realtime.subscribe('PB_CONNECT', () => {
			this.#interrupted.delete(name);
			const live = [...this.#subscriptions].filter(([, subscription]) => subscription.name === name && subscription.isLive);
			if (live.length) this.#publish({ type: 'ready', keys: live.map(([key]) => key) });
		}).catch(() => {}); // #start restarts the stream
	}

	#close() {
		for (const timer of this.#retries.values()) clearTimeout(timer);
		this.#retries.clear();
		this.#interrupted.clear();
		clearInterval(this.#reminder);
		this.#reminder = undefined;
		this.#tabs.clear();
		this.#subscriptions.clear();
		for (const name of Object.keys(this.#clients)) this.#disconnect(name);
	}

	/**
	 * Sets the topics of a tab. The tab is told which of the new ones are live already.
	 * @param {string} tab
	 * @param {string[]} keys
	 */
	#setTopics(tab, keys) {
		const known = this.#tabs.get(tab) ?? new Set();
		this.#tabs.set(tab, new Set(keys));
		if (!keys.length) this.#tabs.delete(tab);
		const live = keys.filter((key) => !known.has(key) && this.#subscriptions.get(key)?.isLive);
		if (live.length && tab === this.#leader.id) this.#deliver({ type: 'ready', keys: live });
		else if (live.length) this.#leader.send({ type: 'ready', keys: live }, tab);
		this.#update();
	}

	/** Subscribes to what the tabs listen to, and to nothing else. */
	#update() {
		const wanted = new Set([...this.#tabs.values()].flatMap((keys) => [...keys]));
		for (const [key, subscription] of this.#subscriptions) {
			if (wanted.has(key)) continue;
			this.#subscriptions.delete(key);
			subscription.unsubscribe().catch(() => {}); // the stream may be closed already
		}
		for (const key of wanted) {
			if (!this.#subscriptions.has(key)) this.#start(key);
		}
	}

	/** @param {string} key */
	async #start(key) {
		const [name, topic, options] = JSON.parse(key);
		if (this.#retries.has(name)) return;
		/** @type {Subscription} */
		const subscription = { name, isLive: false, unsubscribe: async () => {} };
		const isCurrent = () => this.#subscriptions.get(key) === subscription;
		this.#subscriptions.set(key, subscription);
		try {
			const unsubscribe = await this.#clients[name].realtime.subscribe(topic, (data) => {
				if (isCurrent()) this.#publish({ type: 'message', keys: [key], data });
			}, options ?? undefined);
			if (!isCurrent()) return unsubscribe().catch(() => {});
			Object.assign(subscription, { isLive: true, unsubscribe });
			this.#publish({ type: 'ready', keys: [key] });
		} catch {
			if (isCurrent()) this.#restart(name);
		}
	}

	/** Closes a stream and opens it again later. The client only reconnects after a first success. @param {string} name of a client */
	#restart(name) {
		this.#reportInterruption();
		for (const [key, subscription] of this.#subscriptions) {
			if (subscription.name === name) this.#subscriptions.delete(key);
		}
		this.#disconnect(name);
		this.#retries.set(name, setTimeout(() => {
			this.#retries.delete(name);
			this.#watchReconnects(name);
			this.#update();
		}, retryDelay));
	}

	/** @param {string} name of a client */
	#disconnect(name) {
		this.#clients[name].realtime.unsubscribe().catch(() => {}); // the stream may be closed already
	}

	/** @param {{type: string, keys: string[], data?: any}} message */
	#publish(message) {
		this.#deliver(message);
		const isShared = [...this.#tabs].some(([tab, keys]) => tab !== this.#leader.id && message.keys.some((key) => keys.has(key)));
		if (isShared) this.#leader.send(message);
	}
}
