import { useEffect, useState } from '../../vendor/preact-hooks.js';

/** Whether a media query matches. @param {string} query */
export function useMediaQuery(query) {
	const [matches, setMatches] = useState(() => matchMedia(query).matches);
	useEffect(() => {
		const list = matchMedia(query);
		const update = () => setMatches(list.matches);
		update();
		list.addEventListener('change', update);
		return () => list.removeEventListener('change', update);
	}, [query]);
	return matches;
}
