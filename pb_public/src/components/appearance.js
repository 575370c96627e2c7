import { useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { paletteKey } from '../lib/shortcuts.js';
import { chooseTheme, chosenTheme } from '../lib/theme.js';
import { KeysSwitch } from './keys_switch.js';

/** @typedef {import('../lib/theme.js').Theme} Theme */

/** @type {Record<Theme, string>} */
const themes = { system: 'As on this device', light: 'Light', dark: 'Dark' };

/** Light or dark, and the keys, in this browser. */
export function Appearance() {
	const [theme, setTheme] = useState(chosenTheme);
	/** @param {Theme} chosen */
	const choose = (chosen) => {
		chooseTheme(chosen);
		setTheme(chosen);
	};
	return html`
		<section class="card" aria-labelledby="theme-heading">
			<h2 id="theme-heading">Colors</h2>
			<fieldset class="choices">
				<legend>In this browser</legend>
				${Object.entries(themes).map(([name, label]) => html`
					<label class="check-box" key=${name}>
						<input type="radio" name="theme" checked=${name === theme} onChange=${() => choose(/** @type {Theme} */ (name))} /> ${label}
					</label>`)}
			</fieldset>
		</section>
		<section class="card" aria-labelledby="keys-heading">
			<h2 id="keys-heading">Keyboard</h2>
			<${KeysSwitch} />
			<p class="hint">Such as j, k, x, / and ?, in this browser. ${paletteKey} always works, and leads to a list of all keys.</p>
		</section>`;
}
