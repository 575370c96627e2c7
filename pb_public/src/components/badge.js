import { html } from '../lib/html.js';

/** @param {{tone: 'plain'|'good'|'bad'|'active', children?: any}} props */
export const Badge = ({ tone, children }) => html`<span class=${`badge ${tone}`}>${children}</span>`;
