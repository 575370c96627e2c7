// Whom people ask for help, as the operator has written it.

/**
 * The operator's contact as a text, and the link behind it, if there is one.
 * @param {string} contact an e-mail address, a URL or another text
 * @returns {{text: string, href: string}}
 */
export function contactLink(contact) {
	const text = contact.trim();
	if (/^https?:\/\/[^\s]+$/i.test(text)) return { text: text.replace(/^https?:\/\//i, '').replace(/\/$/, ''), href: text };
	if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return { text, href: `mailto:${text}` };
	return { text, href: '' };
}
