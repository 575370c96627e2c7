import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mediaProblem } from '../src/lib/media_problem.js';
import { playback } from '../src/lib/playback.js';
import { PlaybackPosition } from '../src/lib/playback_position.js';

const player = (values = {}) => ({ readyState: 0, currentTime: 0, playbackRate: 1, paused: true, ...values });

test('a link to a moment keeps the remembered speed', () => {
	playback.value = { rate: 1.5, captions: false, keys: true };
	const position = new PlaybackPosition();
	const media = player(); // before it got the speed
	position.show(media, 12);
	assert.equal(media.currentTime, 0, 'nothing is loaded');
	assert.equal(position.restore(media), false);
	assert.deepEqual([media.currentTime, media.playbackRate], [12, 1.5]);
	position.show(Object.assign(media, { readyState: 1 }), 20);
	assert.equal(media.currentTime, 20);
});

test('a player that replaces one that failed continues where that was', () => {
	const position = new PlaybackPosition();
	const failed = player({ readyState: 1 });
	position.show(failed, 12);
	position.keep(Object.assign(failed, { currentTime: 40, playbackRate: 2, paused: false }));
	const next = player();
	position.show(next, 12);
	assert.equal(position.restore(next), true, 'it played');
	assert.deepEqual([next.currentTime, next.playbackRate], [40, 2]);
	assert.equal(position.restore(next), false, 'once');
	position.show(Object.assign(next, { readyState: 1 }), 15);
	assert.equal(next.currentTime, 15, 'the user wants another moment');
});

test('a player that fails before its file is loaded still starts at the moment', () => {
	const position = new PlaybackPosition();
	position.show(player(), 12);
	position.keep(player());
	const next = player();
	position.restore(next);
	assert.equal(next.currentTime, 12);
});

test('the browser isn’t blamed for the connection', () => {
	assert.match(mediaProblem('video', 2, true), /^The connection/);
	assert.match(mediaProblem('video', 4, false), /^The connection/);
	assert.match(mediaProblem('audio', 4, true), /^This browser cannot play the audio/);
});
