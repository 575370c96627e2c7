import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skip, stepRate } from '../src/lib/media_control.js';
import { choosePlayback, playback } from '../src/lib/playback.js';

/** @param {number} currentTime @param {number} duration @returns {any} */
const at = (currentTime, duration) => ({ currentTime, duration });

test('skipping stays within the recording', () => {
	for (const [from, duration, direction, to] of [[15, 60, -1, 5], [5, 60, -1, 0], [45, 60, 1, 55], [55, 60, 1, 60], [55, NaN, 1, 65]]) {
		const media = at(from, duration);
		skip(media, /** @type {1 | -1} */ (direction));
		assert.equal(media.currentTime, to, `${from} of ${duration}`);
	}
});

test('the speed has a slowest and a fastest step, and is remembered', (t) => {
	const saved = new Map();
	Object.assign(globalThis, { localStorage: { setItem: (/** @type {string} */ key, /** @type {string} */ value) => saved.set(key, value) } });
	t.after(() => Object.assign(globalThis, { localStorage: undefined }));
	choosePlayback({ rate: 1 });
	for (const rate of [0.75, 0.75]) {
		stepRate(-1);
		assert.equal(playback.value.rate, rate);
	}
	for (const rate of [1, 1.25, 1.5, 1.75, 2, 2]) {
		stepRate(1);
		assert.equal(playback.value.rate, rate);
	}
	assert.equal(JSON.parse(saved.get('playback')).rate, 2);
});
