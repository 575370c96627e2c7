import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSample, rateOf, secondsLeft } from '../src/lib/byte_rate.js';

const start = Date.UTC(2026, 0, 15, 12);

/** Samples of bytes at seconds. @param {[number, number][]} list */
const samplesOf = (list) => list.reduce((/** @type {readonly any[]} */ samples, [second, bytes]) => (
	addSample(samples, { at: start + second * 1000, bytes, seen: start + second * 1000 })
), []);

/** @param {readonly any[]} samples @param {number} second */
const rateAt = (samples, second) => rateOf(samples, start + second * 1000);

test('a rate is unknown until it has been measured for a second', () => {
	assert.equal(rateAt([], 0), 0);
	assert.equal(rateAt(samplesOf([[0, 0]]), 0), 0);
	assert.equal(rateAt(samplesOf([[0, 0], [0.5, 500]]), 0.5), 0);
	assert.equal(rateAt(samplesOf([[0, 0], [1, 1000]]), 1), 1000);
});

test('a rate is the average of the last ten seconds', () => {
	const steady = samplesOf([...Array(61).keys()].map((index) => [index / 2, index * 1000]));
	assert.equal(rateAt(steady, 30), 2000);
	assert.ok(steady.length <= 22, `${steady.length} samples are kept`);
	const slower = samplesOf([...[...Array(21).keys()].map((second) => /** @type {[number, number]} */ ([second, second * 1000])), [21, 20_100], [22, 20_200]]);
	const rate = rateAt(slower, 22);
	assert.ok(rate > 500 && rate < 1000, `${rate} falls smoothly`);
});

test('a rate is unknown after a silence, and after a restart', () => {
	const samples = samplesOf([[0, 0], [2, 4000]]);
	assert.equal(rateAt(samples, 7), 2000);
	assert.equal(rateAt(samples, 9), 0);
	assert.equal(rateAt(samplesOf([[0, 0], [2, 4000], [3, 100]]), 3), 0);
	assert.equal(rateAt(samplesOf([[0, 0], [2, 4000], [40, 5000]]), 40), 0);
});

test('late and repeated messages change nothing', () => {
	const samples = samplesOf([[0, 0], [2, 4000]]);
	assert.equal(addSample(samples, { at: start + 2000, bytes: 4000, seen: start + 3000 }), samples);
	assert.equal(addSample(samples, { at: start + 1000, bytes: 4000, seen: start + 3000 }), samples);
});

test('the time left needs a size and a rate', () => {
	assert.equal(secondsLeft({ done: 200, total: 1000 }, 100), 8);
	for (const [done, total, rate] of [[200, 0, 100], [200, 1000, 0], [1000, 1000, 100]]) assert.equal(secondsLeft({ done, total }, rate), 0);
});
