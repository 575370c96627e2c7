import { useCallback, useEffect } from '../../vendor/preact-hooks.js';
import { chapterAt, chapterCues } from '../lib/chapters.js';
import { momentText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { useCurrentIndex } from '../lib/use_current_index.js';

/** @typedef {import('../data/types.js').Chapter} Chapter */

/**
 * The chapters of the recording, each of which plays the recording from there. The one that is being played is marked.
 * @param {{chapters: Chapter[], media: HTMLMediaElement | null, onSeek: (seconds: number) => void}} props
 */
export function Chapters({ chapters, media, onSeek }) {
	const current = useCurrentIndex(media, useCallback((seconds) => chapterAt(chapters, seconds), [chapters]));
	useChapterTrack(chapters, media);
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
 * Gives the player a track of chapters, for browsers that show one.
 * @param {Chapter[]} chapters
 * @param {HTMLMediaElement | null} media
 */
function useChapterTrack(chapters, media) {
	useEffect(() => {
		if (!media || !chapters.length) return undefined;
		const fill = () => fillTrack(media, chapters);
		fill();
		media.addEventListener('durationchange', fill);
		return () => media.removeEventListener('durationchange', fill);
	}, [chapters, media]);
}

/**
 * Replaces the cues of the player's track of chapters.
 * @param {HTMLMediaElement} media
 * @param {Chapter[]} chapters
 */
function fillTrack(media, chapters) {
	const track = [...media.textTracks].find(({ kind }) => kind === 'chapters') ?? media.addTextTrack('chapters', 'Chapters');
	track.mode = 'hidden'; // loaded, and not drawn over the video
	for (const cue of [...(track.cues ?? [])]) track.removeCue(cue);
	for (const { start, end, title } of chapterCues(chapters, media.duration)) track.addCue(new VTTCue(start, end, title));
}
