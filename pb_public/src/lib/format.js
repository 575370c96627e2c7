// Dates, durations, sizes and counts as text.

const nbsp = '\u00a0'; // keeps a number and its unit on one line
const language = globalThis.navigator?.language ?? '';
const locale = language.startsWith('en') ? language : 'en-GB'; // the app's texts are English

/** @param {Intl.DateTimeFormatOptions} options */
const dateFormat = (options) => new Intl.DateTimeFormat(locale, options);

const day = dateFormat({ weekday: 'short', day: 'numeric', month: 'short' });
const dayOfYear = dateFormat({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
const longDay = dateFormat({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const month = dateFormat({ month: 'long', year: 'numeric' });
const clock = dateFormat({ hour: 'numeric', minute: '2-digit' });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

/**
 * Parses a date as PocketBase writes it. Returns null if it is blank or malformed.
 * @param {string | undefined} text
 */
export function parseDate(text) {
	const date = new Date((text ?? '').replace(' ', 'T'));
	return Number.isNaN(date.getTime()) ? null : date;
}

/** @param {Intl.DateTimeFormat} format @returns {(text: string) => string} */
const formatWith = (format) => (text) => {
	const date = parseDate(text);
	return date ? format.format(date) : '';
};

/**
 * A day, with its year unless that is the current one.
 * @param {string} text
 * @param {number} [now] milliseconds since the epoch
 */
export function dayText(text, now = Date.now()) {
	const date = parseDate(text);
	if (!date) return '';
	return (date.getFullYear() === new Date(now).getFullYear() ? day : dayOfYear).format(date);
}

/** "Today", "Yesterday", or the day. @param {string} text @param {number} [now] milliseconds since the epoch */
export function recentDayText(text, now = Date.now()) {
	const date = parseDate(text);
	if (!date) return '';
	const daysAgo = Math.round((new Date(now).setHours(0, 0, 0, 0) - date.setHours(0, 0, 0, 0)) / 86_400_000); // not all days have 24 hours
	if (daysAgo === 0) return 'Today';
	return daysAgo === 1 ? 'Yesterday' : dayText(text, now);
}

export const longDayText = formatWith(longDay);
export const clockText = formatWith(clock);

/** The name of a month such as 2026-01. @param {string} text */
export const monthName = (text) => monthText(text && `${text}-15 12:00:00`);

/** @param {string} text */
export const monthText = (text) => formatWith(month)(text) || 'No date';

/**
 * "5 minutes ago", "in 20 seconds".
 * @param {string} text
 * @param {number} [now] milliseconds since the epoch
 */
export function relativeText(text, now = Date.now()) {
	const date = parseDate(text);
	if (!date) return '';
	const seconds = Math.round((date.getTime() - now) / 1000);
	const size = Math.abs(seconds);
	if (size < 5) return 'just now';
	if (size < 60) return relative.format(seconds, 'second');
	if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute');
	if (size < 86400) return relative.format(Math.round(seconds / 3600), 'hour');
	return relative.format(Math.round(seconds / 86400), 'day');
}

/**
 * "in about 4 minutes": a time in the future that is only estimated. Less than 10 seconds, and
 * any time in the past, is "in a moment".
 * @param {string} text
 * @param {number} [now] milliseconds since the epoch
 */
export function estimatedTimeText(text, now = Date.now()) {
	const date = parseDate(text);
	const isNear = date && date.getTime() - now < 10_000;
	return isNear ? 'in a moment' : relativeText(text, now).replace(/^in /, 'in about ');
}

/** "45 s", "30 min", "1 h 5 min"; blank for 0 and less. @param {number} seconds */
export function durationText(seconds) {
	if (!(seconds > 0)) return '';
	if (seconds < 59.5) return `${Math.round(seconds)}${nbsp}s`;
	const minutes = Math.round(seconds / 60);
	if (minutes < 60) return `${minutes}${nbsp}min`;
	return minutes % 60 ? `${Math.floor(minutes / 60)}${nbsp}h ${minutes % 60}${nbsp}min` : `${minutes / 60}${nbsp}h`;
}

/** A length to the second: "0:24", "30:10", "1:02:03"; blank for 0 and less. @param {number} seconds */
export function lengthText(seconds) {
	if (!(seconds > 0)) return '';
	const whole = Math.round(seconds);
	const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, String(whole % 60).padStart(2, '0')];
	return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** A moment of a recording, to the second: "0:00", "1:04", "1:02:03". @param {number} seconds */
export const momentText = (seconds) => lengthText(Math.floor(seconds)) || '0:00';

/** @param {number} seconds */
export function daysText(seconds) {
	const days = Math.round(seconds / 86400);
	return `${days}${nbsp}${days === 1 ? 'day' : 'days'}`;
}

/** @param {number} bytes */
export function bytesText(bytes) {
	const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
	let size = bytes > 0 ? bytes : 0;
	let unit = 0;
	while (Math.round(size) >= 1000 && unit < units.length - 1) {
		size /= 1000;
		unit++;
	}
	return `${size.toFixed(unit > 0 && size < 100 ? 1 : 0)}${nbsp}${units[unit]}`;
}

/** Rounds down, so that 100% means complete. @param {number} fraction 0 to 1 */
export const percentText = (fraction) => `${Math.floor(Math.min(Math.max(fraction, 0), 1) * 100)}%`;

/**
 * The seconds of a timestamp such as 01:02:03; null for any other text.
 * @param {string | undefined} timestamp
 */
export function timestampSeconds(timestamp) {
	if (!/^\d+(:\d{1,2}){1,2}$/.test(timestamp ?? '')) return null;
	return String(timestamp).split(':').reduce((total, part) => total * 60 + Number(part), 0);
}

/** "2,000". @param {number} n */
export const numberText = (n) => n.toLocaleString(locale);

/** "1 job", "2,000 jobs". @param {number} n @param {string} one @param {string} [many] */
export const countText = (n, one, many = `${one}s`) => `${numberText(n)} ${n === 1 ? one : many}`;
