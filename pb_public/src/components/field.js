import { html } from '../lib/html.js';

/** A labelled input with an optional error and hint. @param {{label: string, id: string, error?: string, hint?: any, [other: string]: any}} props */
export function Field({ label, id, error = '', hint = '', ...rest }) {
	const description = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
	return html`
		<div class="field">
			<label for=${id}>${label}</label>
			<input id=${id} name=${id} aria-invalid=${error ? 'true' : undefined} aria-describedby=${description || undefined} ...${rest} />
			${error && html`<p class="error" id=${`${id}-error`} role="alert">${error}</p>`}
			${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
		</div>`;
}
