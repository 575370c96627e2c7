// How long copies will take, judging by the latest ones.
import { durationText, parseDate } from './format.js';

/** @typedef {{start: number, end: number, seconds: number}} Copy start and end are milliseconds since the epoch, seconds the length of the recording */

const fewest = 3; // copies that say something about the next ones
const shortest = 1_000; // milliseconds; shorter jobs found the video copied already

/**
 * The copies among jobs.
 * @param {readonly import('../data/types.js').Job[]} jobs
 * @param {ReadonlyMap<number, number>} lengths of recordings in seconds, as far as they are known
 */
export function copiesIn(jobs, lengths) {
	/** @type {Copy[]} */
	const copies = [];
	for (const { kind, status, result, started_at: started, finished_at: finished } of jobs) {
		const seconds = lengths.get(Number(result?.recording_id)) ?? 0;
		const [start, end] = [started, finished].map((time) => Number(parseDate(time)));
		if (kind === 'recording.transfer' && status === 'completed' && seconds > 0 && end - start >= shortest) copies.push({ start, end, seconds });
	}
	return copies;
}

/**
 * "about 8 min"; blank if too little is known.
 * @param {number} seconds of recordings to copy
 * @param {readonly Copy[]} copies the latest ones, several of which may have run at the same time
 */
export function copyTimeText(seconds, copies) {
	if (!(seconds > 0) || copies.length < fewest) return '';
	let [busy, until, copied] = [0, 0, 0];
	for (const { start, end, seconds: length } of [...copies].sort((a, b) => a.start - b.start)) {
		busy += Math.max(0, end - Math.max(start, until));
		until = Math.max(until, end);
		copied += length;
	}
	return `about ${durationText(Math.max(60, (seconds / copied) * (busy / 1000)))}`;
}
