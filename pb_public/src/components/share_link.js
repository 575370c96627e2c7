import { html } from '../lib/html.js';
import { safeURL } from '../lib/safe_url.js';
import { ExternalLink } from './external_link.js';

/** The link to a video at Loom, if there is one. @param {{url?: string}} props */
export function ShareLink({ url }) {
	const link = safeURL(url);
	return link && html`<p><${ExternalLink} class="share" href=${link}>${link.replace(/^https?:\/\//, '')}</${ExternalLink}></p>`;
}
