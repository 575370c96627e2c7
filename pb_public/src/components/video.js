// The stored recording in a player. Its address holds a token that runs out, so
// the player gets a fresh one when the file stops coming.
import { useEffect, useRef, useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { Notice } from './button.js';

const freshAfter = 60_000; // an address younger than this isn't to blame

/**
 * @param {{details: import('../data/meeting_details.js').MeetingDetails, recording: import('../data/types.js').Recording,
 *   player: {current: HTMLVideoElement | null}}} props
 */
export function Video({ details, recording, player }) {
	const [source, setSource] = useState({ url: '', made: 0 });
	const [failed, setFailed] = useState(false);
	const resumeAt = useRef(0);
	const load = () => {
		details.fileURL(recording, false).then((url) => setSource({ url, made: Date.now() }), () => setFailed(true));
	};
	useEffect(load, [recording.file]);

	const onError = () => {
		if (!source.url || Date.now() - source.made < freshAfter) return setFailed(true);
		resumeAt.current = player.current?.currentTime ?? 0;
		load();
	};
	const onReady = () => {
		if (player.current && resumeAt.current) player.current.currentTime = resumeAt.current;
		resumeAt.current = 0;
	};
	if (failed) {
		return html`<${Notice} kind="note">This browser can’t play the recording. You can still download the file.</${Notice}>`;
	}
	return html`
		<video ref=${player} controls playsinline preload="metadata" src=${source.url || undefined} aria-label="Recording of the meeting"
			onError=${onError} onLoadedMetadata=${onReady} />`;
}
