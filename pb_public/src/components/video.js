import { useEffect, useRef, useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { isAudio } from '../lib/transfer_state.js';
import { usePosterCapture } from '../lib/use_poster_capture.js';
import { Notice } from './notice.js';

const minURLAge = 60_000; // milliseconds; a younger URL has not expired, so the file itself cannot be played

/**
 * A player for the stored recording, which may have no video. Its URL expires, and so does the link to S3 that it may lead to, which
 * browsers keep. When loading fails, the player therefore gets a new URL and continues where it was.
 * @param {{details: import('../data/meeting_details.js').MeetingDetails, recording: import('../data/types.js').Recording,
 *   player: {current: HTMLMediaElement | null}, startAt?: number}} props startAt is the moment to show at first, in seconds
 */
export function Video({ details, recording, player, startAt }) {
	const [source, setSource] = useState({ url: '', created: 0 });
	const [failed, setFailed] = useState(false);
	const interrupted = useRef(/** @type {{at: number, rate: number, playing: boolean} | null} */ (null));
	const load = () => {
		details.fileURL(recording, false).then((url) => setSource({ url, created: Date.now() }), () => setFailed(true));
	};
	useEffect(load, [recording.file]);
	usePosterCapture(player, !details.meeting.value?.poster, () => details.fileURL(recording, false, true), (picture) => details.savePoster(picture));
	useEffect(() => {
		const video = player.current;
		if (startAt === undefined || !video) return;
		if (video.readyState > 0) video.currentTime = startAt;
		else interrupted.current = { at: startAt, rate: 1, playing: false };
	}, [startAt]);

	const onError = () => {
		if (!source.url || Date.now() - source.created < minURLAge) return setFailed(true);
		const video = player.current;
		if (video) interrupted.current = { at: video.currentTime, rate: video.playbackRate, playing: !video.paused };
		load();
	};
	const onReady = () => {
		const video = player.current;
		if (!video || !interrupted.current) return;
		const { at, rate, playing } = interrupted.current;
		interrupted.current = null;
		video.currentTime = at;
		video.playbackRate = rate;
		if (playing) video.play().catch(() => {}); // the browser may not allow it
	};
	const media = isAudio(recording) ? 'audio' : 'video';
	if (failed) {
		return html`<${Notice} kind="note">This browser cannot play the ${media}. Download it instead.</${Notice}>`;
	}
	return html`
		<${media} ref=${player} controls playsinline preload="metadata" src=${source.url || undefined} aria-label=${`Meeting ${media}`}
			onError=${onError} onLoadedMetadata=${onReady} />`;
}
