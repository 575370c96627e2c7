/**
 * Returns a function that loads something when it is called first, and again after a failure. Its promise rejects then.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {() => Promise<T>}
 */
export function loadOnce(load) {
	/** @type {Promise<T> | null} */
	let loading = null;
	return () => {
		loading ??= load().catch((error) => {
			loading = null;
			throw error;
		});
		return loading;
	};
}
