import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { Reachability } from '../src/data/reachability.js';

afterEach(() => mock.timers.reset());

/** A server that a test switches off, and what a tab knows of it. */
function start() {
	mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
	const server = { answers: true, probes: 0 };
	const reachability = new Reachability(async () => {
		server.probes++;
		return server.answers;
	});
	const settle = () => new Promise((resolve) => setImmediate(resolve));
	return { server, reachability, settle };
}

test('a failure of which the server knows nothing changes nothing', async () => {
	const { server, reachability, settle } = start();
	reachability.suspect();
	await settle();
	assert.deepEqual([server.probes, reachability.lostAt.value], [1, 0]);
});

test('a server out of reach is noticed after two probes, and its return after one', async () => {
	const { server, reachability, settle } = start();
	server.answers = false;
	reachability.suspect();
	reachability.suspect();
	await settle();
	assert.deepEqual([server.probes, reachability.lostAt.value], [1, 0]);
	for (const probes of [2, 3]) {
		mock.timers.tick(1_000);
		await settle();
		assert.deepEqual([server.probes, reachability.lostAt.value], [probes, 1_000_000]);
	}
	server.answers = true;
	mock.timers.tick(1_000);
	await settle();
	assert.equal(reachability.lostAt.value, 0);
	server.answers = false;
	reachability.suspect();
	await settle();
	mock.timers.tick(1_000);
	await settle();
	assert.equal(reachability.lostAt.value, 1_003_000);
	reachability.stop();
	mock.timers.tick(1_000);
	await settle();
	assert.equal(reachability.lostAt.value, 0);
});
