// Small parts that every page uses.
import { useEffect, useRef } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { Outside } from './icons.js';

/**
 * @param {{kind?: 'primary'|'quiet'|'danger'|'link', busy?: boolean, type?: string, disabled?: boolean,
 *   onClick?: (event: Event) => void, children?: any, [other: string]: any}} props
 */
export function Button({ kind = 'primary', busy = false, type = 'button', disabled = false, children, ...rest }) {
	return html`
		<button type=${type} class=${kind === 'link' ? 'link' : `button ${kind}`} disabled=${disabled || busy}
			aria-busy=${busy || undefined} ...${rest}>${children}</button>`;
}

/** A page's heading. It takes the focus when one comes to the page. @param {{title: string, children?: any}} props */
export function PageTitle({ title, children }) {
	const heading = useRef(/** @type {HTMLElement | null} */ (null));
	useEffect(() => {
		document.title = title ? `${title} · Fathom-to-Loom` : 'Fathom-to-Loom';
	}, [title]);
	useEffect(() => heading.current?.focus({ preventScroll: true }), []);
	return html`<h1 tabindex="-1" ref=${heading}>${children ?? title}</h1>`;
}

/** @param {{kind?: 'problem'|'note', children?: any}} props */
export function Notice({ kind = 'problem', children }) {
	return html`<div class=${`notice ${kind}`} role=${kind === 'problem' ? 'alert' : 'status'}>${children}</div>`;
}

/** @param {{label: string}} props */
export const Spinner = ({ label }) => html`
	<p class="spinner" role="status"><span class="dots" aria-hidden="true"><i /><i /><i /></span>${label}…</p>`;

/** @param {{tone: 'plain'|'good'|'bad'|'call', children?: any}} props */
export const Badge = ({ tone, children }) => html`<span class=${`badge ${tone}`}>${children}</span>`;

/**
 * @param {{label: string, id: string, error?: string, hint?: any, [other: string]: any}} props
 */
export function Field({ label, id, error = '', hint = '', ...rest }) {
	const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
	return html`
		<div class="field">
			<label for=${id}>${label}</label>
			<input id=${id} name=${id} aria-invalid=${error ? 'true' : undefined} aria-describedby=${described || undefined} ...${rest} />
			${error && html`<p class="error" id=${`${id}-error`} role="alert">${error}</p>`}
			${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
		</div>`;
}

/** A link that leaves this app. @param {{href: string, class?: string, children?: any}} props */
export function OutsideLink({ href, class: name = '', children }) {
	return html`<a class=${`outside ${name}`} href=${href} target="_blank" rel="noopener noreferrer">${children}<${Outside} /></a>`;
}
