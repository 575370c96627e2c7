import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { SharedStreams } from '../src/data/shared_streams.js';
import { installDocument, until } from './fake_tabs.js';

installDocument();

/** @type {SharedStreams[]} */
let tabs = [];
afterEach(() => {
	for (const tab of tabs) tab.stop();
	tabs = [];
	mock.timers.reset();
});

let accounts = 0;
const newAccount = () => `account-${++accounts}`;

/** A client of PocketBase whose stream the test controls. */
function fakeClient() {
	/** @type {Map<string, Set<(data: any) => void>>} */
	const listeners = new Map();
	const fake = {
		fails: false,
		topics: () => [...listeners.keys()].filter((topic) => topic !== 'PB_CONNECT').sort(),
		/** @param {string} topic @param {any} [data] */
		send: (topic, data) => listeners.get(topic)?.forEach((listener) => listener(data)),
		/** @type {any} */
		client: {
			realtime: {
				/** @param {string} topic @param {(data: any) => void} listener @param {any} options */
				async subscribe(topic, listener, options) {
					if (fake.fails) throw new Error('no stream');
					const key = options ? `${topic}?${options.fields}` : topic;
					listeners.set(key, (listeners.get(key) ?? new Set()).add(listener));
					return async () => {
						listeners.get(key)?.delete(listener);
						if (!listeners.get(key)?.size) listeners.delete(key);
					};
				},
				unsubscribe: async () => listeners.clear(),
			},
		},
	};
	return fake;
}

/** @param {string} account */
function openTab(account) {
	const [one, other] = [fakeClient(), fakeClient()];
	const shared = new SharedStreams(account, { one: one.client, other: other.client }, undefined);
	tabs.push(shared);
	shared.start();
	/** @param {'one' | 'other'} name @param {string} topic @param {{fields?: string}} [options] */
	const listen = (name, topic, options) => {
		const heard = { messages: /** @type {any[]} */ ([]), ready: 0, stop: () => {} };
		heard.stop = shared.stream(name).subscribe(topic, {
			onMessage: (message) => heard.messages.push(message),
			onReady: () => heard.ready++,
		}, options);
		return heard;
	};
	return { shared, one, other, listen };
}

/** Two tabs, of which the first leads, both listening to one topic. */
async function openTwo() {
	const account = newAccount();
	const first = openTab(account);
	const firstHeard = first.listen('one', 'things/*');
	await until(() => firstHeard.ready === 1, 'the first tab is not ready');
	const second = openTab(account);
	const secondHeard = second.listen('one', 'things/*');
	await until(() => secondHeard.ready === 1, 'the second tab is not ready');
	return { first, second, firstHeard, secondHeard };
}

test('only the leader subscribes, and all tabs get the messages', async () => {
	const { first, second, firstHeard, secondHeard } = await openTwo();
	assert.deepEqual([first.one.topics(), second.one.topics()], [['things/*'], []]);
	first.one.send('things/*', { action: 'create' });
	await until(() => secondHeard.messages.length === 1, 'the message is missing');
	assert.deepEqual([firstHeard.messages, secondHeard.messages], [[{ action: 'create' }], [{ action: 'create' }]]);
	assert.equal(firstHeard.ready, 1, 'the first tab reads again because of the second');
});

test('the leader subscribes to what any tab listens to, and no longer', async () => {
	const { first, second } = await openTwo();
	const own = second.listen('other', 'jobs/*', { fields: 'id' });
	await until(() => own.ready === 1, 'the topic is not live');
	assert.deepEqual(first.other.topics(), ['jobs/*?id']);
	first.other.send('jobs/*?id', 1);
	await until(() => own.messages.length === 1, 'the message is missing');
	own.stop();
	await until(() => !first.other.topics().length, 'the topic is kept');
	second.shared.stop();
	first.listen('other', 'more');
	await until(() => first.other.topics().join() === 'more', 'the leader does not go on');
	assert.deepEqual(first.one.topics(), ['things/*']);
});

test('a second listener to a topic in one tab reads at once', async () => {
	const { first, second } = await openTwo();
	for (const tab of [first, second]) {
		const again = tab.listen('one', 'things/*');
		await until(() => again.ready === 1, 'the listener is not ready');
	}
});

test('listeners that wait for the same topic read once', async () => {
	const tab = openTab(newAccount());
	const heard = [tab.listen('one', 'things/*'), tab.listen('one', 'things/*')];
	await until(() => heard.every(({ ready }) => ready > 0), 'a listener is not ready');
	assert.deepEqual(heard.map(({ ready }) => ready), [1, 1]);
});

test('a topic that is left and listened to again at once stays live', async () => {
	const { first, second, firstHeard, secondHeard } = await openTwo();
	firstHeard.stop();
	secondHeard.stop();
	const again = [first.listen('one', 'things/*'), second.listen('one', 'things/*')];
	await until(() => again.every(({ ready }) => ready === 1), 'a listener is not ready');
	first.one.send('things/*', 1);
	await until(() => again[1].messages.length === 1, 'the message is missing');
	assert.deepEqual([firstHeard.messages, secondHeard.messages], [[], []]);
});

test('every tab reads again after the stream was interrupted', async () => {
	const { first, firstHeard, secondHeard } = await openTwo();
	first.one.send('PB_CONNECT');
	await until(() => firstHeard.ready === 2 && secondHeard.ready === 2, 'a tab does not read again');
	first.other.send('PB_CONNECT');
	first.one.send('things/*', 'the last');
	await until(() => secondHeard.messages.length === 1, 'the message is missing');
	assert.deepEqual([firstHeard.ready, secondHeard.ready], [2, 2]);
});

test('every tab hears of an interrupted stream, again and again until it is connected', async () => {
	const { first, second } = await openTwo();
	const heard = { first: 0, second: 0 };
	first.shared.onInterruption = () => heard.first++;
	second.shared.onInterruption = () => heard.second++;
	mock.timers.enable({ apis: ['setInterval'] });
	first.one.client.realtime.onDisconnect([]);
	first.one.client.realtime.onDisconnect(['things/*']);
	await until(() => heard.second === 1, 'the second tab hears nothing');
	mock.timers.tick(2_000);
	await until(() => heard.second === 2, 'the second tab is not reminded');
	first.one.send('PB_CONNECT');
	mock.timers.tick(10_000);
	mock.timers.reset(); // before the tabs stop their own timers
	assert.equal(heard.first, 2);
});

test('the next leader subscribes, and every tab reads again', async () => {
	const { first, second, secondHeard } = await openTwo();
	first.shared.stop();
	assert.deepEqual(first.one.topics(), []);
	await until(() => secondHeard.ready === 2, 'the second tab does not take over');
	assert.deepEqual(second.one.topics(), ['things/*']);
	second.one.send('things/*', 'from the second');
	assert.deepEqual(secondHeard.messages, ['from the second']);
});

test('a stream that cannot be opened is tried again', async () => {
	mock.timers.enable({ apis: ['setTimeout'] });
	const tab = openTab(newAccount());
	tab.one.fails = true;
	const [heard, otherHeard] = [tab.listen('one', 'things/*'), tab.listen('other', 'jobs/*')];
	mock.timers.tick(600); // elects the tab
	for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
	assert.deepEqual([heard.ready, otherHeard.ready], [0, 1]);
	tab.one.fails = false;
	mock.timers.tick(2_000);
	for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
	assert.deepEqual([heard.ready, otherHeard.ready], [1, 1]);
	tab.one.send('things/*', 1);
	tab.one.send('PB_CONNECT');
	assert.deepEqual([heard.messages, heard.ready], [[1], 2]);
});
