// What people can go to or start from the palette, besides meetings.
import { announce } from './announce.js';
import { firstMessage } from './errors.js';
import { chips } from './library_state.js';
import { href, searchHref, settingsHref, settingsSections } from './router.js';

/** @typedef {{name: string, hint?: string, address?: string, run?: () => void}} Command it opens an address, or does something */

/** @type {Record<import('./router.js').SettingsSection, string>} */
const sections = {
	fathom: 'Fathom', loom: 'Loom', automation: 'Automation', notifications: 'Notifications', storage: 'Storage', security: 'Security', tokens: 'API tokens',
	data: 'Your data', appearance: 'Appearance',
};

/**
 * The commands whose names contain all words of a text.
 * @param {{jobs: {sync: () => Promise<void>}, fathom?: unknown}} workspace
 * @param {string} text
 * @param {() => void} showShortcuts
 * @returns {Command[]}
 */
export function commandsFor({ jobs, fathom }, text, showShortcuts) {
	const words = text.toLowerCase().split(/\s+/).filter(Boolean);
	/** @type {Command[]} */
	const commands = [
		{ name: 'Meetings', address: href('/') },
		...chips.flatMap(({ state, label }) => (state ? [{ name: `Meetings: ${label}`, address: href(`/?state=${state}`) }] : [])),
		{ name: 'To upload', address: href('/upload') },
		{ name: 'Activity', address: href('/activity') },
		...settingsSections.map((section) => ({ name: `Settings: ${sections[section]}`, address: settingsHref(section) })),
		{ name: 'Help', address: href('/help') },
		{ name: 'Keyboard shortcuts', run: showShortcuts },
		...(fathom ? [{ name: 'Sync now', run: () => void jobs.sync().catch((error) => announce(firstMessage(error))) }] : []),
	];
	const found = commands.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
	return words.length ? [...found, { name: `Search for “${text.trim()}” in everything`, address: searchHref(text.trim()) }] : found;
}
