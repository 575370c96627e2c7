import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Posters } from '../src/data/posters.js';

beforeEach(() => mock.timers.enable({ apis: ['Date'] }));
afterEach(() => mock.timers.reset());

const settle = () => new Promise((resolve) => setImmediate(resolve));

function open() {
	/** @type {any} */
	const server = { requests: 0, error: null };
	/** @type {any} */
	const db = {
		buildURL: (/** @type {string} */ path) => `https://example.com/db/x${path}`,
		files: {
			async getToken() {
				server.requests++;
				if (server.error) throw server.error;
				return `token ${server.requests}`;
			},
		},
	};
	return { server, posters: new Posters(db) };
}

test('meetings without a poster cost no request', async () => {
	const { server, posters } = open();
	for (const id of ['a', 'b', 'c']) assert.equal(posters.url({ id, poster: '' }), '');
	await settle();
	assert.equal(server.requests, 0);
});

test('all posters share a token, which is renewed before it expires', async () => {
	const { server, posters } = open();
	const meeting = { id: 'm1', poster: 'poster_1.jpg' };
	assert.equal(posters.url(meeting), '', 'there is no token yet');
	posters.url({ id: 'm2', poster: 'poster_2.jpg' });
	await settle();
	assert.equal(posters.url(meeting), 'https://example.com/db/x/api/meetings/m1/poster?v=poster_1.jpg&token=token+1');
	assert.equal(server.requests, 1);
	mock.timers.tick(13 * 3600_000);
	assert.match(posters.url(meeting), /token\+1$/);
	await settle();
	assert.match(posters.url(meeting), /token\+2$/);
});

test('a failed request is repeated later', async () => {
	const { server, posters } = open();
	server.error = new Error('no connection');
	const meeting = { id: 'm1', poster: 'poster_1.jpg' };
	posters.url(meeting);
	await settle();
	assert.equal(posters.url(meeting), '');
	assert.equal(server.requests, 1);
	server.error = null;
	mock.timers.tick(31_000);
	posters.url(meeting);
	await settle();
	assert.match(posters.url(meeting), /token\+2$/);
});
