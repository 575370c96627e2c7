import { html } from '../lib/html.js';

/**
 * @param {{kind?: 'primary'|'quiet'|'danger'|'link', busy?: boolean, type?: string, disabled?: boolean,
 *   onClick?: (event: Event) => void, children?: any, [other: string]: any}} props
 */
export function Button({ kind = 'primary', busy = false, type = 'button', disabled = false, children, ...rest }) {
	return html`
		<button type=${type} class=${kind === 'link' ? 'link' : `button ${kind}`} disabled=${disabled || busy}
			aria-busy=${busy || undefined} ...${rest}>${children}</button>`;
}
