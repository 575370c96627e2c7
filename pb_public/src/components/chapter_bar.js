import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { chapterCues } from '../lib/chapters.js';
import { momentText } from '../lib/format.js';
import { html } from '../lib/html.js';

const width = 1000; // of the drawing, which is as wide as the player
const gap = 3;

/**
 * The chapters as parts of a bar, with what has been played. It only adds to the list of chapters: a click plays from there.
 * @param {{chapters: import('../data/types.js').Chapter[], media: HTMLMediaElement | null, length: number, onSeek: (seconds: number) => void}} props
 *   length is that of the recording in seconds, as far as it is known without the player
 */
export function ChapterBar({ chapters, media, length, onSeek }) {
	const { time, duration } = useTimes(media);
	const total = duration || length;
	if (chapters.length < 2 || !(total > 0)) return null; // with one, it would only repeat the player’s own bar
	/** @param {number} seconds */
	const x = (seconds) => Math.min(Math.max(0, seconds / total), 1) * width;
	/** @param {any} event */
	const seek = (event) => {
		const { left, width: shown } = event.currentTarget.getBoundingClientRect();
		onSeek((event.clientX - left) / shown * total);
	};
	return html`
		<svg class="chapter-bar" viewBox="0 0 ${width} 10" preserveAspectRatio="none" aria-hidden="true" onClick=${seek}>
			${chapterCues(chapters, total).map(({ start, end, title }) => html`
				<g key=${start}>
					<title>${`${momentText(start)} ${title}`}</title>
					<rect class="part" x=${x(start)} width=${Math.max(1, x(end) - x(start) - gap)} height="10" />
					${time > start && html`<rect class="played" x=${x(start)} width=${Math.max(0, x(Math.min(time, end)) - x(start) - (time >= end ? gap : 0))} height="10" />`}
				</g>`)}
		</svg>`;
}

/** @param {HTMLMediaElement | null} media */
function useTimes(media) {
	const [times, setTimes] = useState({ time: 0, duration: 0 });
	useEffect(() => {
		if (!media) return undefined;
		const update = () => setTimes({ time: media.currentTime, duration: Number.isFinite(media.duration) ? media.duration : 0 });
		update();
		const events = ['timeupdate', 'seeking', 'durationchange'];
		for (const event of events) media.addEventListener(event, update);
		return () => events.forEach((event) => media.removeEventListener(event, update));
	}, [media]);
	return times;
}
