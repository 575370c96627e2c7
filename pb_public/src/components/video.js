import { useEffect, useMemo, useState } from '../../vendor/preact-hooks.js';
import { probeServer } from '../data/reachability.js';
import { appURL } from '../lib/app_url.js';
import { messageOf } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { play } from '../lib/media_control.js';
import { mediaProblem } from '../lib/media_problem.js';
import { PlaybackPosition } from '../lib/playback_position.js';
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
	const [problem, setProblem] = useState('');
	const position = useMemo(() => new PlaybackPosition(), []);
	const kind = isAudio(recording) ? 'audio' : 'video';
	const load = () => {
		details.fileURL(recording, false).then((url) => setSource({ url, created: Date.now() }), (error) => setProblem(messageOf(error)));
	};
	useEffect(load, [recording.file]);
	usePosterCapture(media, !details.meeting.value?.poster, () => details.fileURL(recording, false, true), (picture) => details.savePoster(picture));
	useEffect(() => {
		if (startAt !== undefined && media) position.show(media, startAt);
	}, [startAt, media]);

	const onError = async () => {
		if (!source.url || !media) return;
		position.keep(media);
		if (Date.now() - source.created >= minURLAge) return load();
		const code = media.error?.code;
		setProblem(mediaProblem(kind, code, await probeServer(appURL())));
	};
	const onReady = () => {
		if (media && position.restore(media)) play(media);
	};
	const tryAgain = () => {
		setSource({ url: '', created: 0 });
		setProblem('');
		load();
	};
	if (problem) return html`<${Notice} kind="note">${problem} <${Button} kind="link" onClick=${tryAgain}>Try again</${Button}></${Notice}>`;
	return html`
		<${kind} ref=${onMedia} controls playsinline preload="metadata" src=${source.url || undefined} poster=${poster || undefined}
			aria-label=${`Meeting ${kind}`} onError=${onError} onLoadedMetadata=${onReady}>
			${captions && html`<track key=${captions} kind="captions" src=${captions} srclang=${language || 'und'} label="Captions" />`}
		</${kind}>`;
}
