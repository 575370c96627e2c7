// Chooses one of the app's open tabs in this browser as the leader of a group.
//
// A Web Lock decides: its holder leads, and when that tab closes or crashes, the browser gives the lock to
// the next one. Web Locks need a secure context. On plain HTTP the tabs agree by messages instead: a tab
// that hears from no leader leads, and of two leaders the one with the smaller id remains.
//
// A tab can also stop responding while it keeps the lock, for example because the browser froze it. Visible
// tabs therefore greet the leader periodically, and one of them takes over when it doesn't answer.

const greetingInterval = 2_000; // milliseconds
const maxUnanswered = 2; // greetings in a row
const electionDelay = 300; // milliseconds to wait for a leader's answer, without Web Locks

/**
 * @typedef {object} Handlers
 * @property {() => void} onLead
 * @property {() => void} onFollow the tab stops leading
 * @property {() => any} greeting returns what the leader has to know about this tab
 * @property {(tab: string, greeting: any) => void} onGreeting at the leader, from each tab
 * @property {(tab: string) => void} onLeave at the leader, when a tab is closed or frozen
 * @property {(message: any) => void} onMessage
 */

export class TabLeader {
	/** Identifies this tab. */
	id = Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36).padStart(7, '0')).join('');
	leads = false;

	#name;
	#handlers;
	/** @type {LockManager | undefined} */
	#locks;
	#joined = false;
	#unanswered = 0;
	/** @type {BroadcastChannel | null} */
	#channel = null;
	/** @type {AbortController | null} the current request for the lock */
	#request = null;
	#releaseLock = () => {};
	/** @type {ReturnType<typeof setInterval> | undefined} */
	#greetingTimer;
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	#electionTimer;
	#listeners = new AbortController();

	/**
	 * @param {string} name of the group
	 * @param {Handlers} handlers
	 * @param {LockManager | undefined} [locks] undefined without Web Locks
	 */
	constructor(name, handlers, locks = globalThis.navigator?.locks) {
		this.#name = name;
		this.#handlers = handlers;
		this.#locks = locks;
	}

	/** Joins the group. The tab leaves it while it is frozen or in the back/forward cache. */
	start() {
		this.#join();
		const { signal } = this.#listeners;
		addEventListener('pagehide', () => this.#leave(), { signal });
		addEventListener('pageshow', () => this.#join(), { signal });
		document.addEventListener('freeze', () => this.#leave(), { signal });
		document.addEventListener('resume', () => this.#join(), { signal });
		document.addEventListener('visibilitychange', () => this.greet(), { signal });
	}

	stop() {
		this.#listeners.abort();
		this.#leave();
	}

	/**
	 * Sends a message to all other tabs, or to one of them.
	 * @param {any} message
	 * @param {string} [to] id of a tab
	 */
	send(message, to = '') {
		this.#post({ type: 'message', to, message });
	}

	/** Tells the leader about this tab. The leader answers. */
	greet() {
		if (!this.#joined) return;
		const greeting = this.#handlers.greeting();
		if (this.leads) this.#handlers.onGreeting(this.id, greeting);
		else this.#post({ type: 'greeting', greeting });
	}

	#join() {
		if (this.#joined) return;
		this.#joined = true;
		this.#unanswered = 0;
		this.#channel = new BroadcastChannel(this.#name);
		this.#channel.onmessage = ({ data }) => this.#receive(data);
		this.greet();
		if (this.#locks) this.#requestLock(false);
		else this.#electIn(electionDelay);
		this.#greetingTimer = setInterval(() => this.#check(), greetingInterval);
	}

	#leave() {
		if (!this.#joined) return;
		this.#post({ type: 'leaving', led: this.leads });
		this.#joined = false;
		clearInterval(this.#greetingTimer);
		clearTimeout(this.#electionTimer);
		this.#follow();
		this.#cancelLock();
		this.#channel?.close();
		this.#channel = null;
	}

	/** Takes over from a leader that doesn't answer. Hidden tabs leave that to the visible ones. */
	#check() {
		if (document.hidden || this.leads) return;
		if (this.#unanswered < maxUnanswered) {
			this.#unanswered++;
			return this.greet();
		}
		this.#unanswered = 0;
		if (this.#locks) this.#requestLock(true);
		else this.#lead();
	}

	#lead() {
		if (this.leads || !this.#joined) return;
		this.leads = true;
		clearTimeout(this.#electionTimer);
		this.#post({ type: 'leading' });
		this.#handlers.onLead();
		this.greet();
	}

	#follow() {
		if (!this.leads) return;
		this.leads = false;
		this.#handlers.onFollow();
	}

	/** @param {any} data */
	#receive(data) {
		if (!this.#joined || (data.to && data.to !== this.id)) return;
		switch (data.type) {
			case 'greeting':
				if (!this.leads) return;
				this.#post({ type: 'answer', to: data.from });
				return this.#handlers.onGreeting(data.from, data.greeting);
			case 'answer':
				return this.#hearLeader();
			case 'leading':
				return this.#hearNewLeader(data.from);
			case 'leaving':
				if (this.leads) return this.#handlers.onLeave(data.from);
				if (data.led && !this.#locks) this.#electIn(0);
				return;
			case 'message':
				return this.#handlers.onMessage(data.message);
		}
	}

	#hearLeader() {
		this.#unanswered = 0;
		clearTimeout(this.#electionTimer);
	}

	/** @param {string} tab */
	#hearNewLeader(tab) {
		if (this.leads) {
			if (this.#locks) return; // the lock decides
			if (this.id < tab) return this.#post({ type: 'leading' });
			this.#follow();
		}
		this.#hearLeader();
		this.greet();
	}

	/** Leads after a delay, unless a leader is heard before. @param {number} delay milliseconds */
	#electIn(delay) {
		clearTimeout(this.#electionTimer);
		this.#electionTimer = setTimeout(() => this.#lead(), delay + Math.random() * electionDelay); // so that tabs rarely compete
	}

	/** @param {boolean} steal takes the lock from a leader that doesn't respond */
	async #requestLock(steal) {
		this.#cancelLock();
		const request = new AbortController();
		this.#request = request;
		const isCurrent = () => this.#request === request;
		let isGranted = false;
		try {
			await this.#locks?.request(this.#name, steal ? { steal } : { signal: request.signal }, () => {
				if (!isCurrent()) return;
				isGranted = true;
				this.#lead();
				return new Promise((release) => {
					this.#releaseLock = () => release(undefined);
				});
			});
		} catch {
			// The request was cancelled, another tab has taken the lock, or the browser refuses locks.
		}
		if (!isCurrent()) return;
		if (!isGranted) {
			this.#locks = undefined;
			return this.#electIn(electionDelay);
		}
		this.#follow();
		this.greet();
		this.#requestLock(false);
	}

	#cancelLock() {
		this.#request?.abort();
		this.#request = null;
		this.#releaseLock();
		this.#releaseLock = () => {};
	}

	/** @param {any} data */
	#post(data) {
		this.#channel?.postMessage({ ...data, from: this.id });
	}
}
