// The state of an asynchronous action that a button or form starts.
import { useEffect, useRef, useState } from '../../vendor/preact-hooks.js';
import { announce } from './announce.js';

/**
 * `run` resolves to whether the action succeeded; it does nothing while the action is running. `error`
 * is the failure of the last run.
 * @param {(...args: any[]) => Promise<unknown>} action
 * @param {string | (() => string)} [success] a short message to announce
 * @param {() => (() => Promise<unknown>) | undefined} [undoOf] returns what undoes the action, if something does
 * @returns {{run: (...args: any[]) => Promise<boolean>, busy: boolean, error: any, clear: () => void}}
 */
export function useAction(action, success = '', undoOf = undefined) {
	const [state, setState] = useState({ busy: false, error: /** @type {any} */ (null) });
	const mounted = useRef(true);
	useEffect(() => {
		mounted.current = true;
		return () => {
			mounted.current = false;
		};
	}, []);

	/** @param {any[]} args */
	const run = async (...args) => {
		if (state.busy) return false;
		setState({ busy: true, error: null });
		let error = null;
		try {
			await action(...args);
		} catch (caught) {
			error = caught;
		}
		if (mounted.current) setState({ busy: false, error });
		const message = error ? '' : typeof success === 'string' ? success : success();
		if (message) announce(message, undoOf?.());
		return !error;
	};
	return { run, busy: state.busy, error: state.error, clear: () => setState({ busy: false, error: null }) };
}
