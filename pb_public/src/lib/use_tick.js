// Re-renders a component periodically, to keep relative times such as "in 5 seconds" current.
import { useEffect, useState } from '../../vendor/preact-hooks.js';

/** @param {boolean} enabled @param {number} [interval] milliseconds */
export function useTick(enabled, interval = 1000) {
	const [, setTick] = useState(0);
	useEffect(() => {
		if (!enabled) return;
		const timer = setInterval(() => setTick((tick) => tick + 1), interval);
		return () => clearInterval(timer);
	}, [enabled, interval]);
}
