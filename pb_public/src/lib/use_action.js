// A button's work: busy while it runs, with the error it ended in.
import { useEffect, useRef, useState } from '../../vendor/preact-hooks.js';

/**
 * @param {(...args: any[]) => Promise<unknown>} work
 * @returns {{run: (...args: any[]) => Promise<boolean>, busy: boolean, error: any, clear: () => void}}
 */
export function useAction(work) {
	const [state, setState] = useState({ busy: false, error: /** @type {any} */ (null) });
	const alive = useRef(true);
	useEffect(() => {
		alive.current = true;
		return () => {
			alive.current = false;
		};
	}, []);

	/** @param {any[]} args */
	const run = async (...args) => {
		if (state.busy) return false;
		setState({ busy: true, error: null });
		let error = null;
		try {
			await work(...args);
		} catch (caught) {
			error = caught;
		}
		if (alive.current) setState({ busy: false, error });
		return !error;
	};
	return { run, busy: state.busy, error: state.error, clear: () => setState({ busy: false, error: null }) };
}
