// The icons. All are decorative: a text next to each of them has the same meaning.
import { html } from '../lib/html.js';

export const Logo = () => html`
	<svg class="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
		<rect width="32" height="32" rx="8" class="logo-ground" />
		<path d="M7 11h11M7 16h7M7 21h11" class="logo-lines" />
		<path d="m19 11 6 5-6 5" class="logo-arrow" />
	</svg>`;

/** @param {string} path @returns {() => import('../../vendor/preact.js').Child} */
const icon = (path) => () => html`
	<svg class="icon" viewBox="0 0 20 20" width="16" height="16" aria-hidden="true"><path d=${path} /></svg>`;

const Alert = icon('M10 3 2.5 16.5h15ZM10 8v4M10 14.2v.1');
const Box = icon('M3.5 6.5h13v10h-13ZM2.5 3.5h15v3h-15ZM8 10h4');
const Clock = icon('M10 2.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4M10 6v4.2l2.8 1.8');
const Cloud = icon('M6 15.5a3.5 3.5 0 0 1-.4-7A4.5 4.5 0 0 1 14.4 8a3.8 3.8 0 0 1 .1 7.5Z');
const Cross = icon('m5.5 5.5 9 9M14.5 5.5l-9 9');
const Upload = icon('M10 12.5v-9M6 7l4-4 4 4M4 16.5h12');

export const Back = icon('M12 4.5 6.5 10l5.5 5.5');
export const Check = icon('m4.5 10.5 3.5 3.5 7.5-8');
export const Copy = icon('M7 7h9.5v9.5H7ZM4 13H3.5V3.5H13V4');
export const Down = icon('M4.5 8 10 13.5 15.5 8');
export const Download = icon('M10 3.5v9M6 9l4 4 4-4M4 16.5h12');
export const External = icon('M8 5H5v10h10v-3M11 4h5v5M16 4l-7 7');
export const Forward = icon('M8 4.5 13.5 10 8 15.5');
export const Link = icon('M8.5 11.5a3 3 0 0 0 4.3 0l2.7-2.7a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-2.7 2.7a3 3 0 0 0 4.3 4.3l1-1');
export const Search = icon('M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M13 13l4 4');
export const Sync = icon('M16 8A6.5 6.5 0 0 0 4.6 6.2L3.5 8M3.5 4v4h4M4 12a6.5 6.5 0 0 0 11.4 1.8l1.1-1.8M16.5 16v-4h-4');
export const Up = icon('M4.5 12 10 6.5l5.5 5.5');

/** The icons of states, which are next to their words. @type {Record<import('../lib/transfer_state.js').StateIcon, () => import('../../vendor/preact.js').Child>} */
export const stateIcons = { cloud: Cloud, clock: Clock, copy: Download, upload: Upload, box: Box, check: Check, alert: Alert, cross: Cross };
