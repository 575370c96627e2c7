// Plays a recording at the speed and with the captions that are chosen, also with the player's own menus.
import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { captionsOf } from './media_control.js';
import { choosePlayback, playback, rates } from './playback.js';

/** Keeps a player and the remembered choice the same. @param {HTMLMediaElement | null} media @param {string} captions the address of its captions; blank without */
export function usePlayback(media, captions) {
	const { rate, captions: isShown } = playback.value;
	useEffect(() => {
		if (!media) return;
		media.defaultPlaybackRate = rate; // for the time after it was loaded again
		media.playbackRate = rate;
	}, [media, rate]);
	useEffect(() => {
		const track = captionsOf(media);
		if (track && (track.mode === 'showing') !== isShown) track.mode = isShown ? 'showing' : 'disabled';
	}, [media, captions, isShown]);
	useEffect(() => {
		if (!media) return undefined;
		const keepRate = () => rates.includes(media.playbackRate) && media.playbackRate !== playback.value.rate && choosePlayback({ rate: media.playbackRate });
		const keepCaptions = () => {
			const track = captionsOf(media);
			const shows = track?.mode === 'showing';
			if (track && shows !== playback.value.captions) choosePlayback({ captions: shows });
		};
		media.addEventListener('ratechange', keepRate);
		media.textTracks.addEventListener('change', keepCaptions);
		return () => {
			media.removeEventListener('ratechange', keepRate);
			media.textTracks.removeEventListener('change', keepCaptions);
		};
	}, [media]);
}

/**
 * The address of a meeting's captions in this browser; blank without, or until they are loaded. Tracks can't send a session, so
 * the page loads them itself.
 * @param {import('../data/meeting_details.js').MeetingDetails} details
 * @param {boolean} isWanted
 */
export function useCaptions(details, isWanted) {
	const [address, setAddress] = useState('');
	useEffect(() => {
		if (!isWanted) return undefined;
		let [url, isOver] = ['', false];
		details.readCaptions().then((text) => {
			if (isOver) return;
			url = URL.createObjectURL(new Blob([text], { type: 'text/vtt' }));
			setAddress(url);
		}).catch(() => {}); // there is the transcript
		return () => {
			isOver = true;
			if (url) URL.revokeObjectURL(url);
			setAddress('');
		};
	}, [details, isWanted]);
	return address;
}
