// Captures the poster of a recording while somebody watches it.
import { useEffect } from '../../vendor/preact-hooks.js';
import { captureFrame, captureFrameOf } from './frame.js';

const minPlayed = 2; // seconds; what is skipped through isn't watched
const pause = 3_000; // milliseconds between two attempts
const maxAttempts = 20; // then the recording has nothing to show

/**
 * Saves one frame of a video that is being played, unless `isWanted` is false. Without success there is no poster:
 * nobody is told, because nobody has asked for one.
 * @param {HTMLMediaElement | null} video
 * @param {boolean} isWanted
 * @param {() => Promise<string>} readableURL of the same video, from which the page may read frames
 * @param {(picture: Blob) => Promise<void>} save
 */
export function usePosterCapture(video, isWanted, readableURL, save) {
	useEffect(() => {
		if (!isWanted || !(video instanceof HTMLVideoElement)) return undefined;
		let [left, next, isBusy] = [maxAttempts, 0, false];
		const stop = () => video.removeEventListener('timeupdate', attempt);
		const attempt = async () => {
			if (isBusy || video.paused || video.seeking || Date.now() < next || secondsPlayed(video) < minPlayed) return;
			isBusy = true;
			next = Date.now() + pause;
			try {
				const picture = await captureFrame(video).catch(async (error) => {
					if (error.name !== 'SecurityError') throw error; // the video is on another server
					return captureFrameOf(await readableURL(), video.currentTime);
				});
				if (picture) await save(picture);
				if (picture || --left === 0) stop();
			} catch {
				stop(); // the frame can't be read, or the poster can't be stored
			}
			isBusy = false;
		};
		video.addEventListener('timeupdate', attempt);
		return stop;
	}, [video, isWanted]);
}

/** @param {HTMLMediaElement} media */
function secondsPlayed({ played }) {
	let seconds = 0;
	for (let i = 0; i < played.length; i++) seconds += played.end(i) - played.start(i);
	return seconds;
}
