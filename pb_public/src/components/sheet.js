import { useEffect, useRef } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';

/**
 * A dialog above the page, which keeps the focus until it is closed and then returns it.
 * @param {{label: string, onClose: () => void, children?: any}} props
 */
export function Sheet({ label, onClose, children }) {
	const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
	useEffect(() => {
		const { current } = dialog;
		current?.showModal();
		return () => current?.close();
	}, []);
	/** @param {any} event a press beside the dialog is one on it, but on none of its contents */
	const onClick = (event) => event.target === dialog.current && onClose();
	return html`
		<dialog class="sheet" ref=${dialog} aria-label=${label} onClose=${onClose} onClick=${onClick}>
			<div class="sheet-body">${children}</div>
		</dialog>`;
}
