import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressText } from '../src/lib/progress_text.js';

/** @param {number} done @param {number} total @param {number} rate */
const text = (done, total, rate) => progressText({ done, total }, rate).replaceAll('\u00a0', ' ');

test('bytes have a rate and a time left as far as they are known', () => {
	assert.equal(text(412e6, 1222e6, 18e6), '412 MB of 1.2 GB · 18.0 MB/s · 45 s left');
	assert.equal(text(412e6, 1222e6, 0), '412 MB of 1.2 GB');
	assert.equal(text(412e6, 0, 18e6), '412 MB copied · 18.0 MB/s');
	assert.equal(text(999e6, 1000e6, 100e6), '999 MB of 1.0 GB · 100 MB/s · 1 s left');
	assert.equal(text(1e6, 1e12, 1000), '1.0 MB of 1.0 TB · 1.0 kB/s', 'a time of years is no estimate');
});
