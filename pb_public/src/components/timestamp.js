import { timestampSeconds, timestampText } from '../lib/format.js';
import { html } from '../lib/html.js';

/**
 * A position in the recording. With `onSeek`, it is a button that plays the video from there.
 * @param {{at: string | undefined, onSeek?: (seconds: number) => void}} props
 */
export function Timestamp({ at, onSeek }) {
	const seconds = timestampSeconds(at);
	if (seconds === null) return null;
	const text = timestampText(at);
	if (!onSeek) return html`<span class="timestamp">${text}</span>`;
	return html`<button type="button" class="link timestamp" aria-label=${`Play from ${text}`} onClick=${() => onSeek(seconds)}>${text}</button>`;
}
