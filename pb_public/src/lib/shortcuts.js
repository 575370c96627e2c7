// The keys that people can use, and when a press is one of them.
import { skipped } from './media_control.js';
import { playback } from './playback.js';

/** @typedef {{keys: string[], does: string}} Shortcut */

const isMac = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? '');

export const paletteKey = isMac ? '⌘ K' : 'Ctrl K';

/** @type {Shortcut[]} */
const everywhere = [
	{ keys: ['/'], does: 'Filter meetings by title' },
	{ keys: [paletteKey], does: 'Go to a page or a meeting' },
	{ keys: ['?'], does: 'Show these keys' },
];

/** @type {Shortcut[]} */
const inLibrary = [
	{ keys: ['j', 'k'], does: 'Next or previous meeting' },
	{ keys: ['↓', '↑'], does: 'Down or up a row' },
	{ keys: ['→', '←'], does: 'In the grid: next or previous meeting' },
	{ keys: ['x'], does: 'Select the meeting that has the focus' },
	{ keys: ['Enter'], does: 'Open the meeting that has the focus' },
];

/** The keys of a meeting's page. @type {Shortcut[]} */
export const ofMeeting = [
	{ keys: ['J', 'L'], does: `Back or forward ${skipped} seconds` },
	{ keys: ['K'], does: 'Play or pause' },
	{ keys: [',', '.'], does: 'Slower or faster' },
	{ keys: ['C'], does: 'Captions, if there are any' },
	{ keys: ['P', 'N'], does: 'Previous or next meeting' },
];

/** All keys, by where they work. @type {{where: string, shortcuts: Shortcut[]}[]} */
export const shortcuts = [
	{ where: 'On every page', shortcuts: everywhere },
	{ where: 'In the list of meetings', shortcuts: inLibrary },
	{ where: 'On the page of a meeting', shortcuts: ofMeeting },
];

const fields = 'input:not([type=checkbox]), textarea, select, [contenteditable]:not([contenteditable="false"])';

/** Whether something happens where text is entered or a choice is made: in a field, or below an open dialog. @param {{target: any}} event */
export const isInField = ({ target }) => Boolean(target?.closest?.(fields) || document.querySelector('dialog[open]'));

/**
 * Whether a press may be a shortcut of a single key: it isn't in a field, and the user hasn't turned off those of characters.
 * @param {Pick<KeyboardEvent, 'key'|'ctrlKey'|'altKey'|'metaKey'|'defaultPrevented'|'isComposing'> & {target: any}} event
 */
export function isShortcut(event) {
	const isOff = event.key.length === 1 && !playback.value.keys;
	return !(event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || event.isComposing || isOff || isInField(event));
}

/**
 * Whether a press opens the palette. In a Mac's fields, Ctrl+K deletes the rest of the line.
 * @param {Pick<KeyboardEvent, 'key'|'ctrlKey'|'altKey'|'metaKey'|'shiftKey'>} event
 * @param {boolean} [onMac]
 */
export function isPaletteKey({ key, ctrlKey, altKey, metaKey, shiftKey }, onMac = isMac) {
	return key.toLowerCase() === 'k' && !altKey && !shiftKey && (onMac ? metaKey && !ctrlKey : ctrlKey && !metaKey);
}
