// Dates, lengths and sizes in words.

const space = '\u00a0'; // a number stays with its unit
const locale = navigator.language.startsWith('en') ? navigator.language : 'en-GB';

/** @param {Intl.DateTimeFormatOptions} options */
const dates = (options) => new Intl.DateTimeFormat(locale, options);

const day = dates({ weekday: 'short', day: 'numeric', month: 'short' });
const longDay = dates({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const month = dates({ month: 'long', year: 'numeric' });
const clock = dates({ hour: 'numeric', minute: '2-digit' });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

/**
 * Reads PocketBase's form of a date; null when there is none.
 * @param {string | undefined} text
 */
export function parseDate(text) {
	const date = new Date((text ?? '').replace(' ', 'T'));
	return Number.isNaN(date.getTime()) ? null : date;
}

/** @param {Intl.DateTimeFormat} format @returns {(text: string) => string} */
const dateText = (format) => (text) => {
	const date = parseDate(text);
	return date ? format.format(date) : '';
};

export const dayText = dateText(day);
export const longDayText = dateText(longDay);
export const clockText = dateText(clock);

/** @param {string} text */
export const monthText = (text) => dateText(month)(text) || 'No date';

/**
 * "5 minutes ago", "in 20 seconds".
 * @param {string} text
 * @param {number} [now]
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
 * "in about 4 minutes", of a moment that is only guessed.
 * @param {string} text
 */
export function aboutText(text) {
	const date = parseDate(text);
	const isNear = date && date.getTime() - Date.now() < 10_000; // or should have been
	return isNear ? 'in a moment' : relativeText(text).replace(/^in /, 'in about ');
}

/**
 * When a job is tried next, as a sentence.
 * @param {string} runAt
 */
export function nextTryText(runAt) {
	const date = parseDate(runAt);
	return date && date.getTime() - Date.now() > 5_000 ? `Next try ${relativeText(runAt)}.` : 'Next try in a moment.';
}

/** @param {number} seconds */
export function durationText(seconds) {
	if (!(seconds > 0)) return '';
	if (seconds < 60) return `${Math.round(seconds)}${space}s`;
	const minutes = Math.round(seconds / 60);
	if (minutes < 60) return `${minutes}${space}min`;
	return minutes % 60 ? `${Math.floor(minutes / 60)}${space}h ${minutes % 60}${space}min` : `${minutes / 60}${space}h`;
}

/** @param {number} seconds */
export function daysText(seconds) {
	const days = Math.round(seconds / 86400);
	return `${days}${space}${days === 1 ? 'day' : 'days'}`;
}

/** @param {number} bytes */
export function bytesText(bytes) {
	const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
	let size = bytes > 0 ? bytes : 0;
	let unit = 0;
	while (size >= 1000 && unit < units.length - 1) {
		size /= 1000;
		unit++;
	}
	return `${size.toFixed(unit > 0 && size < 100 ? 1 : 0)}${space}${units[unit]}`;
}

/** @param {number} fraction 0 to 1 */
export const percentText = (fraction) => `${Math.floor(Math.min(Math.max(fraction, 0), 1) * 100)}${space}%`;

/**
 * Seconds of a timestamp such as 01:02:03; null for anything else.
 * @param {string | undefined} stamp
 */
export function stampSeconds(stamp) {
	if (!/^\d+(:\d{1,2}){1,2}$/.test(stamp ?? '')) return null;
	return String(stamp).split(':').reduce((total, part) => total * 60 + Number(part), 0);
}

/**
 * A timestamp without leading zero hours: 00:01:05 is 1:05.
 * @param {string | undefined} stamp
 */
export const stampText = (stamp) => (stamp ?? '').replace(/^(00:)?0?/, '') || '0:00';

/**
 * A link that is safe to offer, or an empty text: only http and https are.
 * @param {string | undefined} raw
 */
export function safeURL(raw) {
	try {
		const url = new URL(raw ?? '');
		return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : '';
	} catch {
		return '';
	}
}

/** @param {number} n @param {string} one @param {string} [many] */
export const count = (n, one, many = `${one}s`) => `${n.toLocaleString(locale)} ${n === 1 ? one : many}`;
