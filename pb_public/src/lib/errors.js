// What went wrong, in words for the person in front of the screen.

/** @param {any} error @returns {number} the status of a server's answer, 0 when none came */
export const statusOf = (error) => Number(error?.status) || 0;

/** @param {unknown} text */
function sentence(text) {
	const words = String(text ?? '').trim();
	return words && !/[.!?]$/.test(words) ? `${words}.` : words;
}

/**
 * The server's word on one field of a form.
 * @param {any} error
 * @param {string} field
 */
export const fieldError = (error, field) => sentence(error?.response?.data?.[field]?.message);

/** @param {any} error */
export function messageOf(error) {
	if (!error) return '';
	if (typeof error.status !== 'number') return sentence(error.message) || 'Something went wrong. Try again.';
	if (statusOf(error) === 0) return 'The server can’t be reached. Check your connection and try again.';
	if (statusOf(error) === 429) return 'That was a lot of tries. Wait a few seconds and try again.';
	return sentence(error.response?.message) || 'Something went wrong on our side. Try again.';
}

/**
 * What a batch was refused for, as if that had been asked for alone.
 * @param {any} error
 */
export function unbatched(error) {
	const [refusal] = /** @type {any[]} */ (Object.values(error?.response?.data?.requests ?? {}));
	return refusal?.response ? { status: refusal.response.status, response: refusal.response } : error;
}

/**
 * The words on any of the fields, else the message as a whole.
 * @param {any} error
 */
export function anyMessage(error) {
	for (const field of Object.keys(error?.response?.data ?? {})) {
		const text = fieldError(error, field);
		if (text) return text;
	}
	return messageOf(error);
}
