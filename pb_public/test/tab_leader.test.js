import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { TabLeader } from '../src/data/tab_leader.js';
import { fakeLocks, installDocument, until } from './fake_tabs.js';

installDocument();

/** @type {TabLeader[]} */
let tabs = [];
afterEach(() => {
	for (const tab of tabs) tab.stop();
	tabs = [];
	mock.timers.reset();
});

let groups = 0;
const newGroup = () => `group-${++groups}`;

/** @param {string} group @param {any} [locks] */
function openTab(group, locks) {
	/** @type {{events: string[], messages: any[], greetings: Map<string, any>}} */
	const seen = { events: [], messages: [], greetings: new Map() };
	const leader = new TabLeader(group, {
		onLead: () => seen.events.push('lead'),
		onFollow: () => seen.events.push('follow'),
		greeting: () => `I am ${leader.id}`,
		onGreeting: (tab, greeting) => seen.greetings.set(tab, greeting),
		onLeave: (tab) => seen.greetings.delete(tab),
		onMessage: (message) => seen.messages.push(message),
	}, locks);
	tabs.push(leader);
	leader.start();
	return { leader, seen };
}

/** @param {ReturnType<typeof openTab>[]} opened */
const leaders = (opened) => opened.filter(({ leader }) => leader.leads);

for (const [name, locksOfBrowser] of /** @type {const} */ ([['with Web Locks', fakeLocks], ['by messages', () => undefined]])) {
	test(`${name}, exactly one of several tabs leads and knows all others`, async () => {
		const [group, locks] = [newGroup(), locksOfBrowser()];
		const opened = Array.from({ length: 5 }, () => openTab(group, locks));
		await until(() => leaders(opened).length === 1 && leaders(opened)[0].seen.greetings.size === 5, 'no leader knows all tabs');
		for (const { leader } of opened) assert.equal(leaders(opened)[0].seen.greetings.get(leader.id), `I am ${leader.id}`);
	});

	test(`${name}, another tab leads when the leader is closed`, async () => {
		const [group, locks] = [newGroup(), locksOfBrowser()];
		const opened = Array.from({ length: 3 }, () => openTab(group, locks));
		await until(() => leaders(opened).length === 1, 'no leader');
		const [first] = leaders(opened);
		first.leader.stop();
		assert.deepEqual(first.seen.events, ['lead', 'follow']);
		const rest = opened.filter((tab) => tab !== first);
		await until(() => leaders(rest).length === 1 && leaders(rest)[0].seen.greetings.size === 2, 'no new leader');
	});

	test(`${name}, the leader's messages reach all other tabs, or the one they are for`, async () => {
		const [group, locks] = [newGroup(), locksOfBrowser()];
		const opened = Array.from({ length: 3 }, () => openTab(group, locks));
		await until(() => leaders(opened).length === 1, 'no leader');
		const [{ leader }] = leaders(opened);
		const [one, other] = opened.filter((tab) => !tab.leader.leads);
		leader.send('for all');
		leader.send('for one', one.leader.id);
		await until(() => one.seen.messages.length === 2 && other.seen.messages.length > 0, 'messages are missing');
		assert.deepEqual(one.seen.messages, ['for all', 'for one']);
		assert.deepEqual(other.seen.messages, ['for all']);
	});

	test(`${name}, a visible tab takes over from a leader that stops answering`, async () => {
		mock.timers.enable({ apis: ['setInterval'] });
		const [group, locks] = [newGroup(), locksOfBrowser()];
		locks?.request(group, {}, () => new Promise(() => {})).catch(() => {}); // it is stolen
		const frozen = new BroadcastChannel(group);
		let answers = 1;
		let greetings = 0;
		frozen.onmessage = (/** @type {any} */ { data }) => {
			if (data.type === 'greeting') greetings++;
			if (data.type === 'greeting' && answers-- > 0) frozen.postMessage({ type: 'answer', to: data.from, from: 'frozen' });
		};
		const other = openTab(group, locks);
		await until(() => greetings === 1, 'the leader is not greeted');
		for (let check = 1; check <= 3; check++) {
			assert.equal(other.leader.leads, false);
			mock.timers.tick(2_000);
			await until(() => greetings === 1 + Math.min(check, 2), 'the leader is not greeted again');
		}
		await until(() => other.leader.leads, 'nobody took over');
		frozen.close();
	});
}

test('accounts do not hear of each other', async () => {
	const locks = fakeLocks();
	const [one, other] = [openTab(newGroup(), locks), openTab(newGroup())];
	await until(() => one.leader.leads && other.leader.leads, 'an account has no leader');
	one.leader.send('secret');
	assert.deepEqual(other.seen.messages, []);
	assert.deepEqual([...other.seen.greetings.keys()], [other.leader.id]);
});
