import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceText, deliveryWith, nextText, optionsIn, optionsText, planText, preferenceFor, startText, watchersText } from '../src/lib/loom_options.js';

/** @param {Record<string, string>} fields */
const form = (fields) => {
	const data = new FormData();
	for (const [name, value] of Object.entries(fields)) data.set(name, value);
	return data;
};

test('defaults are not saved as a preference', () => {
	assert.equal(preferenceFor({}), undefined);
	assert.equal(preferenceFor({ visibility: 'owner', folder: 'none' }), undefined);
	assert.deepEqual(preferenceFor({ visibility: 'public' }), { visibility: 'public', folder: 'none' });
	assert.deepEqual(preferenceFor({ folder: 'f1' }), { visibility: 'owner', folder: 'f1' });
});

test('a rule has the options that were chosen in its form', () => {
	assert.equal(optionsIn(form({})), null);
	assert.equal(optionsIn(form({ visibility: '', folder: '' })), null);
	assert.deepEqual(optionsIn(form({ visibility: 'workspace', folder: '' })), { visibility: 'workspace' });
	assert.deepEqual(optionsIn(form({ visibility: '', folder: 'none' })), { folder: 'none' });
	assert.deepEqual(optionsIn(form({ visibility: 'owner', folder: 'f1' })), { visibility: 'owner', folder: 'f1' });
});

test('the options of a rule follow what it does', () => {
	const name = (/** @type {string} */ id) => (id === 'f1' ? 'External calls' : '');
	assert.equal(optionsText(null, name), '');
	assert.equal(optionsText({ visibility: 'workspace', folder: 'f1' }, name), ', for my Loom workspace, in the folder “External calls”');
	assert.equal(optionsText({ visibility: 'owner', folder: 'none' }, name), ', only for me, in no folder');
	assert.equal(optionsText({ folder: 'f2' }, name), ', in a folder');
});

test('what is chosen for a transfer can be read when its form is closed', () => {
	const name = () => 'Team';
	assert.equal(choiceText({}, name), '');
	assert.equal(choiceText({ deliver: true, byHand: false }, name), '');
	assert.equal(choiceText({ visibility: 'public', folder: 'f1' }, name), ', for anyone with the link, in the folder “Team”');
	assert.equal(choiceText({ byHand: true, visibility: 'public' }, name), ', uploaded by you');
});

test('what is chosen for a transfer replaces what is usual', () => {
	const server = /** @type {const} */ ({ by: 'server', visibility: 'owner' });
	assert.deepEqual(deliveryWith(server, {}), server);
	assert.deepEqual(deliveryWith(server, { visibility: 'public' }), { by: 'server', visibility: 'public' });
	assert.deepEqual(deliveryWith(server, { byHand: true, visibility: 'public' }), { by: 'user' });
	assert.deepEqual(deliveryWith({ by: 'nobody' }, { visibility: 'public' }), { by: 'nobody' });
	assert.deepEqual(deliveryWith({ by: 'nobody' }, { byHand: true }), { by: 'user' });
});

test('a plan says who uploads the videos and who can watch them', () => {
	assert.match(planText({ by: 'user' }, 2), /You then upload each of them to Loom\.$/);
	assert.match(planText({ by: 'server', visibility: 'owner' }, 2), /uploaded to Loom\. Only you can watch them there\.$/);
	assert.match(planText({ by: 'nobody' }, 2), /connect Loom in Settings first\.$/);
	assert.equal(nextText({ by: 'user' }), 'You then upload the video to Loom.');
	assert.equal(nextText({ by: 'server', visibility: 'public' }), 'The video is then uploaded to Loom. Anyone with the link can watch it there.');
	assert.match(nextText({ by: 'nobody' }), /connect Loom/);
	assert.match(watchersText('public'), /^Anyone with the link can watch it/);
	assert.match(watchersText('workspace'), /workspace/);
	assert.equal(watchersText(''), '');
});

test('the button that starts copies says what becomes of them', () => {
	assert.equal(startText({ by: 'user' }), 'Copy');
	assert.equal(startText({ by: 'nobody' }, 1), 'Copy 1 meeting');
	assert.equal(startText({ by: 'server', visibility: 'owner' }), 'Upload to Loom');
	assert.equal(startText({ by: 'server', visibility: 'owner' }, 1200), 'Upload 1,200 to Loom');
	assert.match(planText({ by: 'server', visibility: 'owner' }, 1), /^Upload 1 meeting to Loom\? /);
	assert.match(planText({ by: 'user' }, 2), /^Copy 2 meetings\? /);
});
