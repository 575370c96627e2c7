import { html } from '../lib/html.js';

/** @param {{label: string}} props */
export const Spinner = ({ label }) => html`
	<p class="spinner" role="status"><span class="dots" aria-hidden="true"><i /><i /><i /></span>${label}…</p>`;
