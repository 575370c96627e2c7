import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePlayback, playerAction } from '../src/lib/playback.js';

const plain = { ctrlKey: false, altKey: false, metaKey: false, defaultPrevented: false, isComposing: false, target: { closest: () => null } };

test('letters control the player', () => {
	for (const [key, action] of Object.entries({ j: 'back', K: 'toggle', l: 'forward', c: 'captions', P: 'previous', n: 'next', ',': 'slower', '.': 'faster' })) {
		assert.equal(playerAction({ ...plain, key }), action, key);
	}
	for (const key of ['x', 'ArrowLeft', ' ', 'Enter']) assert.equal(playerAction({ ...plain, key }), undefined, key);
});

test('letters do nothing together with other keys, or while somebody types', () => {
	for (const with_ of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { defaultPrevented: true }, { isComposing: true }, { target: { closest: () => ({}) } }]) {
		assert.equal(playerAction({ ...plain, ...with_, key: 'k' }), undefined, JSON.stringify(with_));
	}
});

test('what is remembered may be damaged', () => {
	const defaults = { rate: 1, captions: false, keys: true };
	for (const text of [null, '', '{', 'null', '[]', '{"rate":3,"captions":"yes"}']) assert.deepEqual(parsePlayback(text), defaults, String(text));
	assert.deepEqual(parsePlayback('{"rate":1.5,"captions":true,"keys":false}'), { rate: 1.5, captions: true, keys: false });
});
