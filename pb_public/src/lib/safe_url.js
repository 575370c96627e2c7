// Links from Fathom, Loom and summaries are untrusted input.

const web = ['https:', 'http:'];

/** The schemes that a link inside a text may have. */
export const textLinkSchemes = [...web, 'mailto:'];

/**
 * Returns the normalised URL, or an empty string if it is relative, malformed or of another scheme
 * (javascript: among them).
 * @param {string | null | undefined} raw
 * @param {string[]} [schemes] each with its colon
 */
export function safeURL(raw, schemes = web) {
	try {
		const url = new URL(raw ?? '');
		return schemes.includes(url.protocol) ? url.href : '';
	} catch {
		return '';
	}
}
