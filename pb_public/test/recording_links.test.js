import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fathomMoment, loomEmbedURL } from '../src/lib/recording_links.js';

test('links to a moment at Fathom are recognised', () => {
	for (const [link, at] of /** @type {[string, number][]} */ ([
		['https://fathom.video/calls/1?timestamp=64.5', 64.5], ['https://fathom.video/share/abc?tab=summary&timestamp=0', 0],
		['https://fathom.video/calls/1#t=64', 64], ['https://app.fathom.video/calls/1?timestamp=01:02:03', 3723],
	])) assert.equal(fathomMoment(link), at, link);
	for (const link of [
		'', 'nonsense', 'https://fathom.video/calls/1', 'https://fathom.video/calls/1?timestamp=-1', 'https://fathom.video/calls/1?timestamp=1e3',
		'https://fathom.video/calls/1?timestamp=99999999999', 'https://example.com/?timestamp=64', 'https://notfathom.video/?timestamp=1',
		'https://fathom.video.example.com/?timestamp=1', 'javascript:alert(1)//fathom.video?timestamp=1',
	]) assert.equal(fathomMoment(link), undefined, link);
});

const id = '0123456789abcdef0123456789abcdef';
const loom = 'https://www.loom.com/looms/videos';

test('videos at Loom can be embedded, and nothing else', () => {
	for (const link of [`https://www.loom.com/share/${id}`, `https://loom.com/share/${id}?sid=1`, `https://www.loom.com/share/Weekly-sync-${id}`, `https://www.loom.com/embed/${id}`]) {
		assert.equal(loomEmbedURL(link, loom), `https://www.loom.com/embed/${id}`, link);
	}
	for (const link of [undefined, '', 'nonsense', `http://www.loom.com/share/${id}`, `https://www.loom.com.example.com/share/${id}`, `https://example.com/share/${id}`, 'https://www.loom.com/share/short', `https://www.loom.com/looms/${id}`, `https://www.loom.com/share/${id}/../../x`]) {
		assert.equal(loomEmbedURL(link, loom), '', String(link));
	}
	assert.equal(loomEmbedURL(`http://127.0.0.1:1/share/${id}`, 'http://127.0.0.1:1/looms/videos'), `http://127.0.0.1:1/embed/${id}`);
});
