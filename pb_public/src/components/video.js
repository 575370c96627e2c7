import { useEffect, useRef, useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { play } from '../lib/media_control.js';
import { isAudio } from '../lib/transfer_state.js';
import { usePosterCapture } from '../lib/use_poster_capture.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

const minURLAge = 60_000; // milliseconds; a younger URL has not expired, so the file itself cannot be played

/**
 * A player for the stored recording, which may have no video. Its URL expires, and so does the link to S3 that it may lead to, which
 * browsers keep. When loading fails, the player therefore gets a new URL and continues where it was.
 * @param {{details: import('../data/meeting_details.js').MeetingDetails, recording: import('../data/types.js').Recording,
 *   media: HTMLMediaElement | null, onMedia: (media: HTMLMediaElement | null) => void, startAt?: number, poster?: string,
 *   captions?: string, language?: string}} props media is the player, which onMedia reports; startAt is the moment to show at
 *   first, in seconds; poster and captions are addresses, which may be blank
 */
export function Video({ details, recording, media, onMedia, startAt, poster, captions, language }) {
	const [source, setSource] = useState({ url: '', created: 0 });
	const [failed, setFailed] = useState(false);
	const interrupted = useRef(/** @type {{at: number, rate: number, playing: boolean} | null} */ (null));
	const load = () => {
		details.fileURL(recording, false).then((url) => setSource({ url, created: Date.now() }), () => setFailed(true));
	};
	useEffect(load, [recording.file]);
	usePosterCapture(media, !details.meeting.value?.poster, () => details.fileURL(recording, false, true), (picture) => details.savePoster(picture));
	useEffect(() => {
		if (startAt === undefined || !media) return;
		if (media.readyState > 0) media.currentTime = startAt;
		else interrupted.current = { at: startAt, rate: media.defaultPlaybackRate, playing: false };
	}, [startAt, media]);

	const onError = () => {
		if (!source.url) return;
		if (media?.currentTime) interrupted.current = { at: media.currentTime, rate: media.playbackRate, playing: !media.paused };
		if (Date.now() - source.created < minURLAge) setFailed(true);
		else load();
	};
	const onReady = () => {
		if (!media || !interrupted.current) return;
		const { at, rate, playing } = interrupted.current;
		interrupted.current = null;
		media.currentTime = at;
		media.playbackRate = rate;
		if (playing) play(media);
	};
	const tryAgain = () => {
		setSource({ url: '', created: 0 });
		setFailed(false);
		load();
	};
	const kind = isAudio(recording) ? 'audio' : 'video';
	if (failed) {
		return html`
			<${Notice} kind="note">
				This browser cannot play the ${kind}. Download it instead, or <${Button} kind="link" onClick=${tryAgain}>try again</${Button}>.
			</${Notice}>`;
	}
	return html`
		<${kind} ref=${onMedia} controls playsinline preload="metadata" src=${source.url || undefined} poster=${poster || undefined}
			aria-label=${`Meeting ${kind}`} onError=${onError} onLoadedMetadata=${onReady}>
			${captions && html`<track key=${captions} kind="captions" src=${captions} srclang=${language || 'und'} label="Captions" />`}
		</${kind}>`;
}
