import { useEffect, useState } from '../../vendor/preact-hooks.js';

const events = ['timeupdate', 'seeking'];

/**
 * Follows a player: the index that belongs to its current time, such as that of a chapter.
 * @param {HTMLMediaElement | null} media
 * @param {(seconds: number) => number} indexAt which changes only with what it searches
 * @param {number} [otherwise] the time until the player has one, in seconds
 */
export function useCurrentIndex(media, indexAt, otherwise = 0) {
	const now = () => indexAt(media?.readyState ? media.currentTime : otherwise);
	const [current, setCurrent] = useState(now);
	useEffect(() => {
		const update = () => setCurrent(now());
		update();
		for (const event of events) media?.addEventListener(event, update);
		return () => {
			for (const event of events) media?.removeEventListener(event, update);
		};
	}, [media, indexAt, otherwise]);
	return current;
}
