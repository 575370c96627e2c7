import { html } from '../lib/html.js';
import { Badge } from './badge.js';
import { stateIcons } from './icons.js';

/** The state of a meeting or job, as everywhere. @param {{state: import('../lib/transfer_state.js').ShownState, href?: string}} props */
export const StateBadge = ({ state, href }) => html`
	<${Badge} tone=${state.tone} href=${href}><${stateIcons[state.icon]} />${state.label}</${Badge}>`;
