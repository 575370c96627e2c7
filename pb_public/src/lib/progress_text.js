// The wording of bytes that move: "412 MB of 1.2 GB · 18 MB/s · 45 s left".
import { secondsLeft } from './byte_rate.js';
import { bytesText, durationText } from './format.js';

const longest = 24 * 3600; // seconds; a longer time is no estimate that helps

/**
 * @param {{done: number, total: number}} bytes total is 0 while it is unknown
 * @param {number} rate bytes per second; 0 while it is unknown
 */
export function progressText(bytes, rate) {
	const left = secondsLeft(bytes, rate);
	return [
		bytes.total > 0 ? `${bytesText(bytes.done)} of ${bytesText(bytes.total)}` : `${bytesText(bytes.done)} copied`,
		rate > 0 && `${bytesText(rate)}/s`,
		left > 0 && left < longest && `${durationText(Math.max(left, 1))} left`,
	].filter(Boolean).join(' · ');
}
