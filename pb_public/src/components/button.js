import { html } from '../lib/html.js';

/** Keeps a busy button from submitting its form. @param {Event} event */
const ignore = (event) => event.preventDefault();

/**
 * A busy button keeps the focus, which it would lose if it were disabled.
 * @param {{kind?: 'primary'|'quiet'|'danger'|'link', busy?: boolean, type?: string, disabled?: boolean,
 *   onClick?: (event: Event) => void, children?: any, [other: string]: any}} props
 */
export function Button({ kind = 'primary', busy = false, type = 'button', disabled = false, onClick, children, ...rest }) {
	return html`
		<button type=${type} class=${kind === 'link' ? 'link' : `button ${kind}`} disabled=${disabled} aria-disabled=${busy || undefined}
			aria-busy=${busy || undefined} ...${rest} onClick=${busy ? ignore : onClick}>${children}</button>`;
}
