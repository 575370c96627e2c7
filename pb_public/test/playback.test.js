import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePlayback, playerAction } from '../src/lib/playback.js';

test('letters control the player', () => {
	for (const [key, action] of Object.entries({ j: 'back', K: 'toggle', l: 'forward', c: 'captions', P: 'previous', n: 'next', ',': 'slower', '.': 'faster' })) {
		assert.equal(playerAction(key), action, key);
	}
	for (const key of ['x', 'ArrowLeft', ' ', 'Enter']) assert.equal(playerAction(key), undefined, key);
});

test('what is remembered may be damaged', () => {
	const defaults = { rate: 1, captions: false, keys: true };
	for (const text of [null, '', '{', 'null', '[]', '{"rate":3,"captions":"yes"}']) assert.deepEqual(parsePlayback(text), defaults, String(text));
	assert.deepEqual(parsePlayback('{"rate":1.5,"captions":true,"keys":false}'), { rate: 1.5, captions: true, keys: false });
});
