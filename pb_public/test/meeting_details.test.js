import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { MeetingDetails } from '../src/data/meeting_details.js';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

/** A meeting on a server whose response to it can be replaced. */
async function open() {
	const server = {
		/** @type {() => Promise<any>} */
		respond: async () => ({ id: 'm1', recording_id: 1, title: 'Weekly', updated: '1' }),
		/** @type {(message: any) => void} */
		send: () => {},
		reconnect: () => {},
	};
	/** @type {any} */
	const db = {
		filter: () => '',
		collection: () => ({ getOne: () => server.respond(), getList: async () => ({ items: [] }) }),
	};
	/** @type {import('../src/data/shared_streams.js').Stream} */
	const stream = {
		subscribe(topic, { onMessage, onReady }) {
			if (topic === 'meetings/*') Object.assign(server, { send: onMessage, reconnect: onReady });
			onReady();
			return () => {};
		},
	};
	const details = new MeetingDetails(db, stream, 'm1');
	details.start();
	await settle();
	return { server, details };
}

const settle = async () => {
	for (let i = 0; i < 10; i++) await Promise.resolve();
};

const notFound = async () => { throw Object.assign(new Error('not found'), { status: 404 }); };

test('a deleted meeting stays deleted when it is loaded again', async () => {
	const { server, details } = await open();
	assert.equal(details.meeting.value?.title, 'Weekly');
	server.send({ action: 'delete', record: { id: 'm1' } });
	for (const again of [() => details.load(), server.reconnect]) {
		again();
		await settle();
		assert.equal(details.meeting.value, null);
		assert.equal(details.error.value, 'This meeting was deleted.');
		assert.equal(details.isGone.value, true);
	}
});

test('a meeting that is deleted while the stream is interrupted is not shown any longer', async () => {
	const { server, details } = await open();
	server.respond = notFound;
	server.reconnect();
	await settle();
	assert.equal(details.meeting.value, null);
	assert.equal(details.error.value, 'This meeting was deleted.');
	assert.equal(details.isGone.value, true);
});

test('a meeting that could not be loaded is not gone', async () => {
	const { server, details } = await open();
	const { respond } = server;
	server.respond = async () => { throw Object.assign(new Error('no connection'), { status: 0 }); };
	await details.load();
	assert.match(details.error.value, /^Cannot reach the server/);
	assert.equal(details.isGone.value, false);
	server.respond = respond;
	await details.load();
	assert.equal(details.error.value, '');
	assert.equal(details.meeting.value?.title, 'Weekly');
});
