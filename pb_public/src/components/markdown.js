import { useMemo } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { excerpt, parseMarkdown } from '../lib/markdown.js';
import { ErrorBoundary } from './error_boundary.js';

/** A formatted text. If formatting fails, the text is shown as it is. @param {{text: string}} props */
export function Markdown({ text }) {
	return html`
		<${ErrorBoundary} key=${text} fallback=${html`<p class="plain-text" dir="auto">${excerpt(text)}</p>`}>
			<${Formatted} text=${text} />
		</${ErrorBoundary}>`;
}

/** @param {{text: string}} props */
function Formatted({ text }) {
	const { nodes, truncated } = useMemo(() => parseMarkdown(text), [text]);
	return html`
		<div class="prose" dir="auto">${nodes}</div>
		${truncated && html`<p class="muted">Only the beginning is shown, because this text is very long.</p>`}`;
}
