import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	bytesText, clockText, countText, dayText, daysText, durationText, estimatedTimeText, longDayText, monthText,
	parseDate, percentText, relativeText, timestampSeconds,
} from '../src/lib/format.js';

const now = Date.UTC(2026, 0, 15, 12);

/** A date relative to `now`, as PocketBase writes it. @param {number} seconds */
const at = (seconds) => new Date(now + seconds * 1000).toISOString().replace('T', ' ');

/** Replaces non-breaking spaces. @param {string} text */
const plain = (text) => text.replaceAll('\u00a0', ' ');

test('parseDate reads dates of PocketBase and rejects anything else', () => {
	assert.equal(parseDate('2026-01-15 12:00:00.000Z')?.getTime(), now);
	for (const text of [undefined, '', 'yesterday', '2026-13-45 00:00:00Z']) assert.equal(parseDate(text), null, text);
});

test('dates without a value are blank', () => {
	for (const format of [dayText, longDayText, clockText, relativeText, estimatedTimeText]) assert.equal(format(''), '', format.name);
	assert.equal(monthText(''), 'No date');
});

test('dates contain their parts', () => {
	assert.match(monthText('2026-01-15 12:00:00Z'), /^January 2026$/);
	assert.match(longDayText('2026-01-15 12:00:00Z'), /Thursday.*January.*2026|Thursday.*15.*2026/);
	assert.match(dayText('2026-01-15 12:00:00Z', now), /^Thu.*(15 Jan|Jan 15)$/);
	assert.match(dayText('2025-06-20 12:00:00Z', now), /^Fri.*(20 Jun|Jun 20).*2025$/, 'the year is another one');
	assert.match(clockText('2026-01-15 12:30:00Z'), /^\d{1,2}:\d{2}/);
});

test('relativeText chooses the largest unit that fits', () => {
	for (const [seconds, text] of /** @type {[number, string][]} */ ([
		[0, 'just now'], [-4, 'just now'], [4, 'just now'], [20, 'in 20 seconds'], [-59, '59 seconds ago'], [-60, '1 minute ago'],
		[300, 'in 5 minutes'], [-7200, '2 hours ago'], [86_400, 'tomorrow'], [-86_400, 'yesterday'], [-30 * 86_400, '30 days ago'],
	])) assert.equal(relativeText(at(seconds), now), text);
});

test('estimatedTimeText never gives a time in the past', () => {
	for (const [seconds, text] of /** @type {[number, string][]} */ ([
		[-300, 'in a moment'], [0, 'in a moment'], [9, 'in a moment'], [30, 'in about 30 seconds'], [240, 'in about 4 minutes'], [86_400, 'tomorrow'],
	])) assert.equal(estimatedTimeText(at(seconds), now), text);
});

test('days of another year have their year', () => {
	assert.doesNotMatch(dayText('2026-06-20 12:00:00Z', now), /2026/);
	assert.match(dayText('2025-06-20 12:00:00Z', now), /Jun.*2025/);
});

test('durationText has at most two units', () => {
	for (const [seconds, text] of /** @type {[number, string][]} */ ([
		[-1, ''], [0, ''], [NaN, ''], [1, '1 s'], [59, '59 s'], [59.7, '1 min'], [60, '1 min'], [3570, '1 h'], [3600, '1 h'], [3900, '1 h 5 min'], [36_000, '10 h'],
	])) assert.equal(plain(durationText(seconds)), text, String(seconds));
});

test('daysText counts days', () => {
	assert.equal(plain(daysText(86_400)), '1 day');
	assert.equal(plain(daysText(7 * 86_400)), '7 days');
});

test('bytesText uses decimal units', () => {
	for (const [bytes, text] of /** @type {[number, string][]} */ ([
		[-1, '0 bytes'], [0, '0 bytes'], [999, '999 bytes'], [1000, '1.0 kB'], [99_940, '99.9 kB'], [123_456, '123 kB'], [999_700, '1.0 MB'],
		[1_500_000, '1.5 MB'], [2_000_000_000, '2.0 GB'], [5e15, '5000 TB'],
	])) assert.equal(plain(bytesText(bytes)), text, String(bytes));
});

test('percentText reaches 100% only when complete', () => {
	for (const [fraction, text] of /** @type {[number, string][]} */ ([
		[-1, '0%'], [0, '0%'], [0.5, '50%'], [0.9999, '99%'], [1, '100%'], [2, '100%'],
	])) assert.equal(percentText(fraction), text);
});

test('timestamps are parsed', () => {
	assert.equal(timestampSeconds('01:02:03'), 3723);
	assert.equal(timestampSeconds('02:03'), 123);
	for (const text of [undefined, '', '12', 'a:b', '1:2:3:4', '1:234', '-1:00']) assert.equal(timestampSeconds(text), null, text);
});

test('countText has a singular, a plural and separators', () => {
	assert.equal(countText(0, 'job'), '0 jobs');
	assert.equal(countText(1, 'job'), '1 job');
	assert.equal(countText(2000, 'job'), '2,000 jobs');
	assert.equal(countText(2, 'to Loom', 'to Loom'), '2 to Loom');
});
