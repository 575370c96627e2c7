// The texts of the pages that hooks/admin_ui adds to the admin UI.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionOf, agoText, canOpen, questionOf, sizeText, statusText, usageText } from '../../hooks/admin_ui/account_text.js';
import { attemptsText, outcomeText, subjectText, tookText } from '../../hooks/admin_ui/job_text.js';

/** @typedef {import('../../hooks/admin_ui/account_text.js').Account} Account */

/** @type {Account} */
const active = {
	name: '2026-01-31-001-ada', user: 'u1', email: 'ada@example.com', status: 'ready', open: false, size: 40e6, size_s3: 2e6,
	joined: null, last_used: null, last_sign_in: null,
};

test('the status of an account decides what can be done with its database', () => {
	/** @type {[Partial<Account>, string, string, boolean][]} */
	const cases = [
		[{}, 'Active: ', 'archive', true],
		[{ open: true }, 'Active: open now', 'archive', true],
		[{ error: 'schema is newer' }, 'Active: schema is newer', 'archive', true],
		[{ missing: true }, 'Missing: Its files don’t exist: restore it from a backup.', '', false],
		[{ status: 'archived', archived_at: '2026-01-31T12:00:00Z' }, 'Archived: since 2026-01-31', 'restore', false],
		[{ status: 'archived', missing: true }, 'Missing: Its files don’t exist: restore it from a backup.', '', false],
		[{ status: 'deleting', delete_after: '2026-02-07T12:00:00Z' }, 'Scheduled for deletion: after 2026-02-07', 'restore', false],
		[{ status: 'deleting', purge_started: '2026-02-07T12:00:00Z' }, 'Being deleted: It can’t be restored any more.', '', false],
		[{ status: 'failed', error: 'disk is full' }, 'Failed: disk is full', '', false],
		[{ status: 'provisioning' }, 'Being created: ', '', false],
		[{ status: 'none', name: '' }, 'No database yet: Nobody has signed in.', '', false],
	];
	for (const [change, text, action, opens] of cases) {
		const account = { ...active, ...change };
		const { label, note } = statusText(account);
		assert.equal(`${label}: ${note}`, text);
		assert.equal(actionOf(account), action, text);
		assert.equal(canOpen(account), opens, text);
	}
});

test('usage is what the database has on disk and in S3', () => {
	assert.equal(usageText(active, 0), '42 MB');
	assert.equal(usageText(active, 10e9), '42 MB of 10 GB');
	assert.equal(usageText({ ...active, status: 'archived' }, 10e9), '42 MB');
	assert.equal(usageText({ ...active, status: 'none', name: '' }, 10e9), '');
	assert.deepEqual([0, 999, 999.6, 1234, 9_940, 9_960, 53.8e6, 999.6e6, 2e15].map(sizeText), ['0 B', '999 B', '1.0 kB', '1.2 kB', '9.9 kB', '10 kB', '54 MB', '1.0 GB', '2000 TB']);
});

test('a question says what the change means', () => {
	assert.equal(questionOf(active, 'archive').title, 'Archive the database of ada@example.com?');
	assert.match(questionOf({ ...active, status: 'archived' }, 'restore').text, /unpacked/);
	assert.match(questionOf({ ...active, status: 'deleting', user: '' }, 'restore').text, /account is restored, too/);
	assert.doesNotMatch(questionOf({ ...active, status: 'deleting' }, 'restore').text, /account/);
});

test('times are as exact as one cares', () => {
	const now = Date.parse('2026-03-31T12:00:00Z');
	/** @type {[string | null, string][]} */
	const cases = [
		[null, 'never'], ['2026-03-31T11:59:31Z', 'just now'], ['2026-03-31T12:00:31Z', 'just now'], ['2026-03-31T11:59:00Z', '1 minute ago'],
		['2026-03-31T10:00:00Z', '2 hours ago'], ['2026-03-30T11:00:00Z', '1 day ago'], ['2026-01-01T12:00:00Z', '2026-01-01'],
	];
	for (const [time, text] of cases) assert.equal(agoText(time, now), text, String(time));
});

test('a job shows attempts that have not happened, too', () => {
	assert.equal(attemptsText({ attempts: 0, max_attempts: 8 }), '0 / 8');
});

test('a job is about a meeting by its title, or by its number', () => {
	const job = { kind: 'recording.transfer', payload: { recording_id: 1010 } };
	assert.equal(subjectText(job, 'Weekly product sync'), 'Weekly product sync');
	assert.equal(subjectText(job), 'Recording 1010');
	assert.equal(subjectText({ kind: 'fathom.sync', payload: {} }), '');
	assert.equal(subjectText({ kind: 'fathom.sync', payload: null }), '');
});

test('an attempt has an outcome and a duration', () => {
	const attempt = { attempt: 1, started: '2026-01-31 12:00:00.000Z', ended: '2026-01-31 12:00:01.500Z', outcome: 'snoozed' };
	assert.equal(outcomeText(attempt), 'Waited');
	assert.equal(outcomeText({ ...attempt, outcome: 'new' }), 'new');
	assert.equal(tookText(attempt), '1.5 s');
	assert.equal(tookText({ ...attempt, ended: '2026-01-31 12:01:00.000Z' }), '60 s');
	assert.equal(tookText({ ...attempt, ended: '2026-01-31 13:00:00.000Z' }), '60 min');
	assert.equal(tookText({ ...attempt, ended: '2026-01-31 15:00:00.000Z' }), '3.0 h');
	assert.equal(tookText({ ...attempt, ended: '' }), '');
});
