import { html } from '../lib/html.js';
import { shortcuts } from '../lib/shortcuts.js';
import { Button } from './button.js';
import { Sheet } from './sheet.js';

/** The keys that people can use. @param {{onClose: () => void}} props */
export function ShortcutsSheet({ onClose }) {
	return html`
		<${Sheet} label="Keyboard shortcuts" onClose=${onClose}>
			<h2>Keyboard shortcuts</h2>
			<dl class="shortcuts">
				${shortcuts.map(({ keys, does }) => html`<dt key=${does}>${keys.map((key) => html`<kbd key=${key}>${key}</kbd> `)}</dt><dd>${does}</dd>`)}
			</dl>
			<${Button} kind="quiet" onClick=${onClose}>Close</${Button}>
		</${Sheet}>`;
}
