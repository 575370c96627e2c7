// Draws a component again and again, for words such as "in 5 seconds".
import { useEffect, useState } from '../../vendor/preact-hooks.js';

/** @param {boolean} on @param {number} [every] milliseconds */
export function useTick(on, every = 1000) {
	const [, setTick] = useState(0);
	useEffect(() => {
		if (!on) return;
		const timer = setInterval(() => setTick((tick) => tick + 1), every);
		return () => clearInterval(timer);
	}, [on, every]);
}
