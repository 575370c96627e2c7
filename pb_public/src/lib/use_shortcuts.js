// The keys of the page of a meeting.
import { useEffect } from '../../vendor/preact-hooks.js';
import { captionsOf, skip, stepRate, togglePlaying } from './media_control.js';
import { choosePlayback, playback, playerAction } from './playback.js';
import { isShortcut } from './shortcuts.js';

/**
 * @param {HTMLMediaElement | null} media without which only the other meetings can be reached
 * @param {(direction: 'previous'|'next') => void} open another meeting, if there is one
 */
export function useShortcuts(media, open) {
	useEffect(() => {
		/** @param {KeyboardEvent} event */
		const press = (event) => {
			const action = isShortcut(event) ? playerAction(event.key) : undefined;
			if (!action) return;
			if (action === 'previous' || action === 'next') open(action);
			else if (media) control(media, action);
		};
		document.addEventListener('keydown', press);
		return () => document.removeEventListener('keydown', press);
	}, [media, open]);
}

/** @param {HTMLMediaElement} media @param {import('./playback.js').PlayerAction} action */
function control(media, action) {
	switch (action) {
		case 'back': return skip(media, -1);
		case 'forward': return skip(media, 1);
		case 'toggle': return togglePlaying(media);
		case 'slower': return stepRate(-1);
		case 'faster': return stepRate(1);
		default: return captionsOf(media) && choosePlayback({ captions: !playback.value.captions });
	}
}
