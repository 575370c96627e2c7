import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { carryTyping } from '../lib/carried_typing.js';
import { html } from '../lib/html.js';
import { href, navigate, route } from '../lib/router.js';
import { isPaletteKey, isShortcut } from '../lib/shortcuts.js';
import { titleFilter } from './library_bar.js';
import { Palette } from './palette.js';
import { ShortcutsSheet } from './shortcuts_sheet.js';

/** The keys that work on every page, and what they open. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function Keyboard({ workspace }) {
	const [open, setOpen] = useState(/** @type {'' | 'palette' | 'shortcuts'} */ (''));
	useEffect(() => {
		/** @param {KeyboardEvent} event */
		const onKey = (event) => {
			if (isPaletteKey(event)) {
				if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
				setOpen('palette');
			} else if (!isShortcut(event)) return;
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
	if (open === 'palette') return html`<${Palette} workspace=${workspace} onClose=${() => close('palette')} onShortcuts=${() => setOpen('shortcuts')} />`;
	return open === 'shortcuts' ? html`<${ShortcutsSheet} onClose=${() => close('shortcuts')} />` : null;
}

/** Moves the focus to the field that filters the library, which is on another page otherwise. */
function filterByTitle() {
	const field = document.getElementById(titleFilter);
	if (field || route.value.page === 'meetings') return field?.focus();
	carryTyping(titleFilter, '');
	navigate(href('/'));
}
