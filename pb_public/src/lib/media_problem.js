const networkError = 2; // MediaError.MEDIA_ERR_NETWORK

/**
 * Says why a recording can't be played. Browsers report a file that they can't load like one that they can't decode, so without
 * the server the connection is taken for the cause.
 * @param {'audio' | 'video'} kind
 * @param {number | undefined} code of the player's error
 * @param {boolean} isOnline whether the server can be reached
 */
export function mediaProblem(kind, code, isOnline) {
	if (code === networkError || !isOnline) return `The connection was interrupted while the ${kind} was loading.`;
	return `This browser cannot play the ${kind}. Download it instead.`;
}
