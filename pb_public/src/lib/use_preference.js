// The state of a control that saves a preference as soon as it is changed.
import { useState } from '../../vendor/preact-hooks.js';

/**
 * `value` is what is saved or being saved, or `initial` if the user hasn't chosen. `save` resolves to whether the value
 * was saved; undefined means the default. `error` is the failure of the last change, after which `value` is the saved one.
 * @param {import('../data/preferences.js').Preferences} preferences
 * @param {string} key
 * @param {any} [initial]
 */
export function usePreference(preferences, key, initial) {
	const [state, setState] = useState({ saving: 0, wanted: /** @type {any} */ (undefined), error: /** @type {any} */ (null) });
	/** @param {any} wanted @returns {Promise<boolean>} */
	const save = async (wanted) => {
		setState(({ saving }) => ({ saving: saving + 1, wanted, error: null }));
		let failure = /** @type {any} */ (null);
		try {
			await preferences.save(key, wanted);
		} catch (error) {
			failure = error;
		}
		setState((current) => ({ ...current, saving: current.saving - 1, error: failure ?? current.error }));
		return !failure;
	};
	const value = (state.saving ? state.wanted : preferences.get(key)) ?? initial;
	return { value, save, error: state.error, loaded: preferences.loaded.value };
}
