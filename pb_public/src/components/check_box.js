import { html } from '../lib/html.js';

/** A check box with its label. @param {{label: any, checked: boolean, disabled?: boolean, onChange: (checked: boolean) => void}} props */
export function CheckBox({ label, checked, disabled, onChange }) {
	return html`
		<label class="check-box">
			<input type="checkbox" checked=${checked} disabled=${disabled} onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.checked)} /> ${label}
		</label>`;
}
