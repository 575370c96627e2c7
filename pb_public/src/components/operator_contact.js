import { serverInfo } from '../data/server_info.js';
import { contactLink } from '../lib/contact.js';
import { html } from '../lib/html.js';
import { safeURL } from '../lib/safe_url.js';

/** Whom to ask: "the operator of this server (help@example.com)". */
export function OperatorContact() {
	const { text, href } = contactLink(serverInfo.value.operator);
	if (!text) return 'the operator of this server';
	const link = safeURL(href, ['http:', 'https:', 'mailto:']);
	return html`the operator of this server (${link ? html`<a href=${link} rel="noopener noreferrer">${text}</a>` : text})`;
}
