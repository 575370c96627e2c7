import { html } from '../lib/html.js';
import { shortcuts } from '../lib/shortcuts.js';
import { Button } from './button.js';
import { KeysSwitch } from './keys_switch.js';
import { Sheet } from './sheet.js';
import { ShortcutList } from './shortcut_list.js';

/** The keys that people can use. @param {{onClose: () => void}} props */
export function ShortcutsSheet({ onClose }) {
	return html`
		<${Sheet} label="Keyboard shortcuts" onClose=${onClose}>
			<h2>Keyboard shortcuts</h2>
			<${KeysSwitch} />
			${shortcuts.map(({ where, shortcuts: ofPlace }) => html`
				<section key=${where}>
					<h3>${where}</h3>
					<${ShortcutList} shortcuts=${ofPlace} />
				</section>`)}
			<${Button} kind="quiet" onClick=${onClose}>Close</${Button}>
		</${Sheet}>`;
}
