import { html } from '../lib/html.js';

/** @param {{tone: import('../lib/transfer_state.js').Tone|'active', href?: string, children?: any}} props */
export const Badge = ({ tone, href, children }) => (href
	? html`<a class=${`badge ${tone}`} href=${href}>${children}</a>`
	: html`<span class=${`badge ${tone}`}>${children}</span>`);
