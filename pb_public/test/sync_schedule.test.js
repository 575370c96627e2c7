import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intervalOf, isSyncSchedule, scheduleChange } from '../src/lib/sync_schedule.js';

test('never disables the schedule and keeps its interval', () => {
	assert.deepEqual(scheduleChange(0), { enabled: false });
	assert.deepEqual(scheduleChange(3600), { every: 3600, enabled: true });
});

test('a disabled or missing schedule means never', () => {
	assert.equal(intervalOf(undefined), 0);
	assert.equal(intervalOf(/** @type {any} */ ({ enabled: false, every: 3600 })), 0);
	assert.equal(intervalOf(/** @type {any} */ ({ enabled: true, every: 3600 })), 3600);
});

test('full syncs and other work have other schedules', () => {
	const is = (/** @type {any} */ schedule) => isSyncSchedule(schedule);
	assert.equal(is({ kind: 'fathom.sync', payload: {} }), true);
	assert.equal(is({ kind: 'fathom.sync', payload: null }), true);
	assert.equal(is({ kind: 'fathom.sync', payload: { full: true } }), false);
	assert.equal(is({ kind: 'recording.transfer', payload: {} }), false);
});
