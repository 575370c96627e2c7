import { html } from '../lib/html.js';
import { External } from './icons.js';

/** A link that leaves this app. @param {{href: string, class?: string, children?: any}} props */
export function ExternalLink({ href, class: name = '', children }) {
	return html`<a class=${`external ${name}`} href=${href} target="_blank" rel="noopener noreferrer">${children}<${External} /></a>`;
}
