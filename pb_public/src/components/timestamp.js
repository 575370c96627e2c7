import { momentText, timestampSeconds } from '../lib/format.js';
import { html } from '../lib/html.js';

/**
 * A position in the recording. With `onSeek`, it is a button that plays the video from there.
 * @param {{at: string | number | undefined, onSeek?: (seconds: number) => void}} props at is in seconds, or a text such as 01:02:03
 */
export function Timestamp({ at, onSeek }) {
	const seconds = typeof at === 'number' ? at : timestampSeconds(at);
	if (seconds === null) return null;
	const text = momentText(seconds);
	if (!onSeek) return html`<span class="timestamp">${text}</span>`;
	return html`<button type="button" class="link timestamp" aria-label=${`Play from ${text}`} onClick=${() => onSeek(seconds)}>${text}</button>`;
}
