// How fast bytes move, measured from how many there were when.

/** @typedef {{at: number, bytes: number, seen: number}} Sample at and seen are milliseconds since the epoch: at the server, and here */

const windowLength = 10_000; // milliseconds over which the rate is averaged
const minSpan = 1_000; // milliseconds that a rate must be measured over
const maxSilence = 6_000; // milliseconds after which nothing is known any more

/**
 * Adds a sample and drops those that are older than the average. Fewer bytes than before mean that the file is copied
 * again.
 * @param {readonly Sample[]} samples in their order
 * @param {Sample} latest
 * @returns {readonly Sample[]}
 */
export function addSample(samples, latest) {
	const last = samples.at(-1);
	if (!last || latest.bytes < last.bytes || latest.at - last.at > windowLength) return [latest];
	if (latest.at <= last.at) return samples;
	const first = samples.findLastIndex(({ at }) => latest.at - at >= windowLength);
	return [...samples.slice(Math.max(first, 0)), latest];
}

/**
 * Bytes per second; 0 while it is unknown.
 * @param {readonly Sample[]} samples in their order
 * @param {number} now milliseconds since the epoch
 */
export function rateOf(samples, now) {
	const [first, last] = [samples[0], samples.at(-1)];
	if (!first || !last || now - last.seen > maxSilence || last.at - first.at < minSpan) return 0;
	return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
}

/**
 * The seconds until all bytes have moved; 0 while that is unknown.
 * @param {{done: number, total: number}} bytes
 * @param {number} rate bytes per second
 */
export const secondsLeft = ({ done, total }, rate) => (rate > 0 && total > done ? (total - done) / rate : 0);
