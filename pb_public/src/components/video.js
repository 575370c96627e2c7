import { useEffect, useRef, useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { Notice } from './notice.js';

const minURLAge = 60_000; // milliseconds; a younger URL has not expired, so the file itself cannot be played

/**
 * A player for the stored recording. The token in the video's URL expires; when loading fails, the
 * player therefore gets a new URL and continues from the same position.
 * @param {{details: import('../data/meeting_details.js').MeetingDetails, recording: import('../data/types.js').Recording,
 *   player: {current: HTMLVideoElement | null}}} props
 */
export function Video({ details, recording, player }) {
	const [source, setSource] = useState({ url: '', created: 0 });
	const [failed, setFailed] = useState(false);
	const resumeAt = useRef(0);
	const load = () => {
		details.fileURL(recording, false).then((url) => setSource({ url, created: Date.now() }), () => setFailed(true));
	};
	useEffect(load, [recording.file]);

	const onError = () => {
		if (!source.url || Date.now() - source.created < minURLAge) return setFailed(true);
		resumeAt.current = player.current?.currentTime ?? 0;
		load();
	};
	const onReady = () => {
		if (player.current && resumeAt.current) player.current.currentTime = resumeAt.current;
		resumeAt.current = 0;
	};
	if (failed) {
		return html`<${Notice} kind="note">This browser cannot play the video. Download it instead.</${Notice}>`;
	}
	return html`
		<video ref=${player} controls playsinline preload="metadata" src=${source.url || undefined} aria-label="Meeting video"
			onError=${onError} onLoadedMetadata=${onReady} />`;
}
