// The current time for relative texts such as "in 5 seconds".
import { signal } from '../../vendor/signals.js';
import { parseDate } from './format.js';

/** A counter that runs while a component reads it. @param {number} interval milliseconds */
function ticker(interval) {
	/** @type {ReturnType<typeof setInterval> | undefined} */
	let timer;
	const ticks = signal(0, {
		watched() {
			timer = setInterval(() => ticks.value++, interval);
		},
		unwatched() {
			clearInterval(timer);
		},
	});
	return ticks;
}

const everySecond = ticker(1_000);
const everyTenSeconds = ticker(10_000);
const near = 61_000; // milliseconds; nearer times are shown in seconds

/** The current time in milliseconds since the epoch. A component that calls it while rendering renders again every second. */
export function nowEverySecond() {
	void everySecond.value;
	return Date.now();
}

/**
 * The current time in milliseconds since the epoch, for texts relative to the given times. A component that
 * calls it while rendering renders again: every second while one of the times is shown in seconds, otherwise
 * every ten seconds.
 * @param {...(string | undefined)} times
 */
export function nowFor(...times) {
	const now = Date.now();
	const isNear = times.some((text) => Math.abs((parseDate(text)?.getTime() ?? Infinity) - now) < near);
	void (isNear ? everySecond : everyTenSeconds).value;
	return now;
}
