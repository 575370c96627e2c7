import { useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { chooseTheme, chosenTheme } from '../lib/theme.js';

/** @typedef {import('../lib/theme.js').Theme} Theme */

/** @type {Record<Theme, string>} */
const themes = { system: 'As on this device', light: 'Light', dark: 'Dark' };

/** Light or dark, in this browser. */
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
		</section>`;
}
