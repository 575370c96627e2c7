import { html } from '../lib/html.js';
import { canOnlyRead } from '../lib/loom_connection.js';
import { Badge } from './badge.js';

/** @typedef {import('../data/types.js').Connection} Connection */

/** @type {Record<Connection['status'], {tone: 'plain'|'good'|'bad', label: string}>} */
const states = {
	checking: { tone: 'plain', label: 'Checking…' },
	valid: { tone: 'good', label: 'Connected' },
	invalid: { tone: 'bad', label: 'Not working' },
	unchecked: { tone: 'plain', label: 'Not checked' },
};

/** @param {Connection} connection */
function stateOf(connection) {
	if (connection.status === 'valid' && canOnlyRead(connection)) return { tone: 'plain', label: 'Reading only' };
	if (connection.status === 'invalid' && connection.details?.state === 'choose_site') return { tone: 'plain', label: 'Site not chosen' };
	return states[connection.status];
}

/** Whether a connection works; nothing without one. @param {{connection: Connection | undefined}} props */
export function ConnectionBadge({ connection }) {
	const state = connection && stateOf(connection);
	return html`<span aria-live="polite">${state && html`<${Badge} tone=${state.tone}>${state.label}</${Badge}>`}</span>`;
}
