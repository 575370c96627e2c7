import { html } from '../lib/html.js';

/** Keys, and what they do. @param {{shortcuts: import('../lib/shortcuts.js').Shortcut[]}} props */
export const ShortcutList = ({ shortcuts }) => html`
	<dl class="shortcuts">
		${shortcuts.map(({ keys, does }) => html`<dt key=${does}>${keys.map((key) => html`<kbd key=${key}>${key}</kbd> `)}</dt><dd>${does}</dd>`)}
	</dl>`;
