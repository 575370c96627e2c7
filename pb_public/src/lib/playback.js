// How recordings are played in this browser: the speed, captions and single-letter keys, which are remembered.
import { signal } from '../../vendor/signals.js';

export const rates = [0.75, 1, 1.25, 1.5, 1.75, 2];
const storedAs = 'playback';

/** @typedef {{rate: number, captions: boolean, keys: boolean}} Playback keys: whether letters control the player */
/** @typedef {'back'|'toggle'|'forward'|'slower'|'faster'|'captions'|'previous'|'next'} PlayerAction */

const defaults = { rate: 1, captions: false, keys: true };

/** What is remembered; what is damaged counts as the default. @param {string | null} text @returns {Playback} */
export function parsePlayback(text) {
	/** @type {any} */
	let saved;
	try {
		saved = JSON.parse(text ?? '{}');
	} catch {
		return defaults;
	}
	return {
		rate: rates.includes(saved?.rate) ? saved.rate : defaults.rate,
		captions: saved?.captions === true,
		keys: saved?.keys !== false,
	};
}

export const playback = signal(/** @type {Playback} */ (parsePlayback(globalThis.localStorage?.getItem(storedAs) ?? null)));

/** @param {Partial<Playback>} changed */
export function choosePlayback(changed) {
	playback.value = { ...playback.value, ...changed };
	localStorage.setItem(storedAs, JSON.stringify(playback.value));
}

/** @type {Record<string, PlayerAction>} */
const actions = { j: 'back', k: 'toggle', l: 'forward', ',': 'slower', '.': 'faster', c: 'captions', p: 'previous', n: 'next' };

/** What a key does on the page of a meeting; undefined for nothing. @param {string} key @returns {PlayerAction | undefined} */
export const playerAction = (key) => actions[key.toLowerCase()];
