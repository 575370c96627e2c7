import { playback } from './playback.js';

/** @typedef {{at: number, rate: number, playing: boolean}} Position */
/** @typedef {Pick<HTMLMediaElement, 'readyState'|'currentTime'|'playbackRate'|'paused'>} Media */

/** Where a player starts, and where it continues after its file was loaded again. */
export class PlaybackPosition {
	/** @type {Position | null} for when the file is loaded */
	#next = null;
	/** @type {number | undefined} the moment that was wanted last */
	#wanted;

	/** Shows a moment that the user wants, once: a player that replaces another one continues where that was. @param {Media} media @param {number} seconds */
	show(media, seconds) {
		if (seconds === this.#wanted) return;
		this.#wanted = seconds;
		if (media.readyState > 0) media.currentTime = seconds;
		else this.#next = { at: seconds, rate: playback.value.rate, playing: false };
	}

	/** Remembers where a player is whose file can't be loaded any further. @param {Media} media */
	keep(media) {
		if (media.currentTime) this.#next = { at: media.currentTime, rate: media.playbackRate, playing: !media.paused };
	}

	/** Moves a player whose file is loaded to where it belongs, and returns whether it is to play. @param {Media} media */
	restore(media) {
		const next = this.#next;
		if (!next) return false;
		this.#next = null;
		media.currentTime = next.at;
		media.playbackRate = next.rate;
		return next.playing;
	}
}
