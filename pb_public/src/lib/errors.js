// Error messages for users.

/** @param {any} error @returns {number} the HTTP status, or 0 if the server did not respond */
export const statusOf = (error) => Number(error?.status) || 0;

/** @param {unknown} text */
function sentence(text) {
	const trimmed = String(text ?? '').trim();
	return trimmed && !/[.!?]$/.test(trimmed) ? `${trimmed}.` : trimmed;
}

/**
 * The server's message about one field of a form; blank if there is none.
 * @param {any} error
 * @param {string} field
 */
export const fieldError = (error, field) => sentence(error?.response?.data?.[field]?.message);

/**
 * The message about an error as a whole; blank without an error.
 * @param {any} error
 */
export function messageOf(error) {
	if (!error) return '';
	if (typeof error.status !== 'number') return sentence(error.message) || 'Something went wrong. Try again.';
	if (statusOf(error) === 0) return 'Cannot reach the server. Check your connection and try again.';
	if (statusOf(error) === 429) return sentence(error.response?.message) || 'Too many requests. Wait a few seconds and try again.';
	return sentence(error.response?.message) || 'The server could not process the request. Try again.';
}

/**
 * The message about the first field that has one, otherwise the message as a whole.
 * @param {any} error
 */
export function firstMessage(error) {
	for (const field of Object.keys(error?.response?.data ?? {})) {
		const text = fieldError(error, field);
		if (text) return text;
	}
	return messageOf(error);
}

/**
 * Reports whether a failure is due to the user's full storage. The server has no other sign of it than its message.
 * @param {string} reason
 */
export const isStorageFull = (reason) => /\bstorage\b/i.test(reason);
