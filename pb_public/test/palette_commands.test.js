import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announcement } from '../src/lib/announce.js';
import { commandsFor } from '../src/lib/palette_commands.js';

globalThis.document ??= /** @type {any} */ ({ baseURI: 'http://localhost/' });

let syncs = 0;
let problem = /** @type {any} */ (null);
const workspace = {
	jobs: {
		async sync() {
			syncs++;
			if (problem) throw problem;
		},
	},
	fathom: {},
};
const names = (/** @type {string} */ text, of = workspace) => commandsFor(of, text, () => {}).map(({ name }) => name);

test('commands match by all words, and anything can be searched for', () => {
	assert.deepEqual(names('stor settings'), ['Settings: Storage', 'Search for “stor settings” in everything']);
	assert.ok(names('').includes('Meetings: Your turn') && !names('').some((name) => name.startsWith('Search')));
	assert.deepEqual(names('a & b'), ['Search for “a & b” in everything']);
	assert.match(commandsFor(workspace, 'a & b', () => {}).at(-1)?.address ?? '', /q=a\+%26\+b$/);
});

test('meetings are synced from here if Fathom is connected', () => {
	commandsFor(workspace, 'sync', () => {})[0].run?.();
	assert.equal(syncs, 1);
	assert.ok(!names('sync', /** @type {any} */ ({ ...workspace, fathom: undefined })).includes('Sync now'));
});

test('every page of the main navigation is a command', () => {
	for (const page of ['Meetings', 'To upload', 'Activity', 'Settings: Fathom', 'Help']) assert.ok(names('').includes(page), page);
});

test('a sync that can’t be started says why', async (t) => {
	t.mock.timers.enable({ apis: ['setTimeout'] });
	problem = { status: 0 };
	commandsFor(workspace, 'sync', () => {})[0].run?.();
	await null;
	await null;
	assert.match(announcement.value?.text ?? '', /Cannot reach the server/);
});
