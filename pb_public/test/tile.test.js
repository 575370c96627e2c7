import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { initials, tileColour } from '../src/lib/tile.js';

test('tiles are those that the server draws', async () => {
	const tiles = JSON.parse(await readFile(new URL('tiles.json', import.meta.url), 'utf8'));
	for (const tile of tiles) {
		assert.equal(initials(tile.title), tile.initials, tile.title);
		assert.equal(tileColour(tile.id), tile.colour, tile.id);
	}
	assert.equal(tiles.length, 10);
});
