// What the keys and buttons beside a player do.
import { choosePlayback, playback, rates } from './playback.js';

export const skipped = 10; // seconds

/** @param {HTMLMediaElement} media */
export function play(media) {
	media.play().catch(() => {}); // the browser may not allow it
}

/** @param {HTMLMediaElement} media */
export function togglePlaying(media) {
	if (media.paused) play(media);
	else media.pause();
}

/** @param {HTMLMediaElement} media @param {1 | -1} direction */
export function skip(media, direction) {
	const end = media.duration > 0 ? media.duration : Infinity;
	media.currentTime = Math.min(Math.max(0, media.currentTime + direction * skipped), end);
}

/** @param {1 | -1} direction */
export function stepRate(direction) {
	const next = rates[rates.indexOf(playback.value.rate) + direction];
	if (next) choosePlayback({ rate: next });
}

/** The track of captions, once a recording has one. @param {HTMLMediaElement | null} media */
export const captionsOf = (media) => [...(media?.textTracks ?? [])].find(({ kind }) => kind === 'captions');
