import { html } from '../lib/html.js';

/** @param {{kind?: 'problem'|'note', children?: any}} props */
export function Notice({ kind = 'problem', children }) {
	return html`<div class=${`notice ${kind}`} role=${kind === 'problem' ? 'alert' : 'status'}>${children}</div>`;
}
