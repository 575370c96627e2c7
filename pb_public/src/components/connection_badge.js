import { html } from '../lib/html.js';
import { Badge } from './badge.js';

/** @typedef {import('../data/types.js').Connection} Connection */

/** @type {Record<Connection['status'], {tone: 'plain'|'good'|'bad', label: string}>} */
const states = {
	checking: { tone: 'plain', label: 'Checking…' },
	valid: { tone: 'good', label: 'Connected' },
	invalid: { tone: 'bad', label: 'Not working' },
	unchecked: { tone: 'plain', label: 'Not checked' },
};

/** Whether a connection works; nothing without one. @param {{connection: Connection | undefined}} props */
export function ConnectionBadge({ connection }) {
	const state = connection && states[connection.status];
	return html`<span aria-live="polite">${state && html`<${Badge} tone=${state.tone}>${state.label}</${Badge}>`}</span>`;
}
