import { useMemo } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { excerpt, parseMarkdown } from '../lib/markdown.js';
import { fathomMoment } from '../lib/recording_links.js';
import { ErrorBoundary } from './error_boundary.js';

/**
 * A formatted text. If formatting fails, the text is shown as it is. With `onSeek`, links to moments of the recording at Fathom
 * play the recording here.
 * @param {{text: string, onSeek?: (seconds: number) => void}} props
 */
export function Markdown({ text, onSeek }) {
	return html`
		<${ErrorBoundary} key=${text} fallback=${html`<p class="plain-text" dir="auto">${excerpt(text)}</p>`}>
			<${Formatted} text=${text} onSeek=${onSeek} />
		</${ErrorBoundary}>`;
}

/** @param {{text: string, onSeek?: (seconds: number) => void}} props */
function Formatted({ text, onSeek }) {
	const isSeekable = Boolean(onSeek);
	const { nodes, truncated } = useMemo(() => parseMarkdown(text, isSeekable ? fathomMoment : undefined), [text, isSeekable]);
	/** @param {any} event */
	const seek = (event) => {
		const at = event.target.closest('[data-at]')?.dataset.at;
		if (at !== undefined) onSeek?.(Number(at));
	};
	return html`
		<div class="prose" dir="auto" onClick=${seek}>${nodes}</div>
		${truncated && html`<p class="muted">Only the beginning is shown, because this text is very long.</p>`}`;
}
