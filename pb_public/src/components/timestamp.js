// A moment of the recording; a press plays the video from there.
import { html } from '../lib/html.js';
import { stampSeconds, stampText } from '../lib/format.js';

/** @param {{at: string | undefined, onSeek?: (seconds: number) => void}} props */
export function Stamp({ at, onSeek }) {
	const seconds = stampSeconds(at);
	if (seconds === null) return null;
	const text = stampText(at);
	if (!onSeek) return html`<span class="stamp">${text}</span>`;
	return html`<button type="button" class="link stamp" aria-label=${`Play from ${text}`} onClick=${() => onSeek(seconds)}>${text}</button>`;
}
