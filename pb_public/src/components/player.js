import { html } from '../lib/html.js';
import { isAudio } from '../lib/transfer_state.js';
import { useCaptions, usePlayback } from '../lib/use_playback.js';
import { ChapterBar } from './chapter_bar.js';
import { PlayerControls } from './player_controls.js';
import { Video } from './video.js';

/**
 * The stored recording of a meeting, which stays in view while the page scrolls, with captions, chapters and controls.
 * @param {{workspace: import('../data/workspace.js').Workspace, details: import('../data/meeting_details.js').MeetingDetails,
 *   meeting: import('../data/types.js').MeetingRecord, recording: import('../data/types.js').Recording, media: HTMLMediaElement | null,
 *   onMedia: (media: HTMLMediaElement | null) => void, at?: number, onSeek: (seconds: number) => void}} props as for Video
 */
export function Player({ workspace, details, meeting, recording, media, onMedia, at, onSeek }) {
	const hasCaptions = Boolean(details.transcript.value?.items?.length) && !isAudio(recording);
	const captions = useCaptions(details, hasCaptions);
	usePlayback(media, captions);
	return html`
		<div class="player">
			<${Video} key=${recording.id} details=${details} recording=${recording} media=${media} onMedia=${onMedia} startAt=${at}
				poster=${workspace.posters.url(meeting)} captions=${captions} language=${meeting.language} />
			<${ChapterBar} chapters=${details.chapters.value} media=${media} length=${meeting.duration} onSeek=${onSeek} />
		</div>
		<${PlayerControls} media=${media} id=${meeting.id} hasCaptions=${hasCaptions} />`;
}
