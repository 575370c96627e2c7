import { useEffect, useRef } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { isDay } from '../lib/library_query.js';

/**
 * A date to choose or type. Browsers report a change for each digit of a year that is typed, so the field keeps what is being typed,
 * and `onChoose` is told whether it is a further change since the field got the focus.
 * @param {{label: string, value?: string, onChoose: (day: string, isAgain: boolean) => void}} props value is blank without a date
 */
export function DateField({ label, value = '', onChoose }) {
	const input = useRef(/** @type {HTMLInputElement | null} */ (null));
	const changes = useRef(/** @type {any} */ (0)); // since the field got the focus
	const show = () => {
		if (input.current && input.current.value !== value) input.current.value = value;
	};
	useEffect(show, [value]);
	const start = () => {
		changes.current = 0;
	};
	const change = () => {
		const day = input.current?.value ?? '';
		if (day === value || (day && !isDay(day))) return;
		onChoose(day, changes.current++ > 0);
	};
	return html`<label>${label}<input type="date" ref=${input} onFocus=${start} onBlur=${show} onChange=${change} /></label>`;
}
