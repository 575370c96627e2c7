import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { href, navigate, route } from '../lib/router.js';
import { isTyping } from '../lib/shortcuts.js';
import { Palette } from './palette.js';
import { ShortcutsSheet } from './shortcuts_sheet.js';

/** The keys that work on every page, and what they open. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function Keyboard({ workspace }) {
	const [open, setOpen] = useState(/** @type {'' | 'palette' | 'shortcuts'} */ (''));
	useEffect(() => {
		/** @param {KeyboardEvent} event */
		const onKey = (event) => {
			if (event.defaultPrevented || event.altKey || document.querySelector('dialog[open]')) return;
			const isCommand = event.ctrlKey || event.metaKey;
			if (isCommand && event.key.toLowerCase() === 'k') setOpen('palette');
			else if (isCommand || isTyping(event)) return;
			else if (event.key === '?') setOpen('shortcuts');
			else if (event.key === '/') filterByTitle();
			else return;
			event.preventDefault();
		};
		addEventListener('keydown', onKey);
		return () => removeEventListener('keydown', onKey);
	}, []);
	/** A dialog reports later that it has closed; by then, another one may be open. @param {typeof open} closed */
	const close = (closed) => setOpen((current) => (current === closed ? '' : current));
	if (open === 'palette') return html`<${Palette} workspace=${workspace} onClose=${() => close('palette')} />`;
	return open === 'shortcuts' ? html`<${ShortcutsSheet} onClose=${() => close('shortcuts')} />` : null;
}

/** Moves the focus to the field that filters the library, which is on another page otherwise. */
function filterByTitle() {
	if (route.value.page !== 'meetings') navigate(href('/'));
	requestAnimationFrame(() => document.getElementById('title-filter')?.focus());
}
