import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { chapterAt, chapterCues } from '../lib/chapters.js';
import { momentText } from '../lib/format.js';
import { html } from '../lib/html.js';

/** @typedef {import('../data/types.js').Chapter} Chapter */

/**
 * The chapters of the recording, each of which plays the recording from there. The one that is being played is marked.
 * @param {{chapters: Chapter[], player: {current: HTMLMediaElement | null}, onSeek: (seconds: number) => void}} props
 */
export function Chapters({ chapters, player, onSeek }) {
	const current = useCurrentChapter(chapters, player);
	if (!chapters.length) return null;
	return html`
		<section>
			<h2 id="chapters-heading">Chapters</h2>
			<ol class="chapters" aria-labelledby="chapters-heading">
				${chapters.map(({ start, title }, index) => html`
					<li key=${index}>
						<button type="button" aria-current=${index === current ? 'true' : undefined} onClick=${() => onSeek(start)}>
							<span class="timestamp">${momentText(start)}</span>${' '}<span dir="auto">${title}</span>
						</button>
					</li>`)}
			</ol>
		</section>`;
}

/**
 * Gives the player a track of chapters, for browsers that show one, and follows it.
 * @param {Chapter[]} chapters
 * @param {{current: HTMLMediaElement | null}} player
 */
function useCurrentChapter(chapters, player) {
	const [current, setCurrent] = useState(-1);
	useEffect(() => {
		const media = player.current; // while the page is drawn for the first time, there is none yet
		if (!media || !chapters.length) return undefined;
		const update = () => setCurrent(chapterAt(chapters, media.currentTime));
		const fill = () => fillTrack(media, chapters);
		fill();
		update();
		media.addEventListener('durationchange', fill);
		for (const event of ['timeupdate', 'seeking']) media.addEventListener(event, update);
		return () => {
			media.removeEventListener('durationchange', fill);
			for (const event of ['timeupdate', 'seeking']) media.removeEventListener(event, update);
		};
	}, [chapters, player.current]);
	return current;
}

/**
 * Replaces the cues of the player's track of chapters. A file for it would need an address that the page may load
 * media from.
 * @param {HTMLMediaElement} media
 * @param {Chapter[]} chapters
 */
function fillTrack(media, chapters) {
	const track = [...media.textTracks].find(({ kind }) => kind === 'chapters') ?? media.addTextTrack('chapters', 'Chapters');
	track.mode = 'hidden'; // loaded, and not drawn over the video
	for (const cue of [...(track.cues ?? [])]) track.removeCue(cue);
	for (const { start, end, title } of chapterCues(chapters, media.duration)) track.addCue(new VTTCue(start, end, title));
}
