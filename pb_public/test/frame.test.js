import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fittedSize, isDull } from '../src/lib/frame.js';

test('a frame keeps its proportions and is never enlarged', () => {
	assert.deepEqual(fittedSize(1920, 1080, 1280), { width: 1280, height: 720 });
	assert.deepEqual(fittedSize(1080, 1920, 1280), { width: 720, height: 1280 });
	assert.deepEqual(fittedSize(640, 360, 1280), { width: 640, height: 360 });
	assert.deepEqual(fittedSize(10_000, 1, 1280), { width: 1280, height: 1 });
});

test('frames of one colour are dull', () => {
	const pixels = (/** @type {number[][]} */ ...colours) => [...Array(100).keys()].flatMap((index) => [...colours[index % colours.length], 255]);
	assert.equal(isDull(pixels([0, 0, 0])), true);
	assert.equal(isDull(pixels([200, 10, 30])), true);
	assert.equal(isDull(pixels([10, 10, 10], [14, 14, 14])), true);
	assert.equal(isDull(pixels([10, 10, 10], [200, 200, 200])), false);
	assert.equal(isDull([]), true);
});
