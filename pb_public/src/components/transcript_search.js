import { html } from '../lib/html.js';
import { Button } from './button.js';
import { Down, Up } from './icons.js';

/**
 * Searches within a transcript. Enter goes to the next match, and Escape ends the search.
 * @param {{query: string, count: number, chosen: number, onSearch: (query: string) => void, onChoose: (index: number) => void}} props
 */
export function TranscriptSearch({ query, count, chosen, onSearch, onChoose }) {
	/** @param {number} by */
	const step = (by) => count && onChoose((chosen + by + count) % count);
	/** @param {KeyboardEvent} event */
	const press = (event) => {
		if (event.isComposing) return; // Enter and Escape are for the input method
		if (event.key === 'Escape' && query) onSearch('');
		else if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
		else return;
		event.preventDefault();
	};
	const isSearching = Boolean(query.trim());
	return html`
		<div class="transcript-search" role="search">
			<input type="search" aria-label="Search in the transcript" placeholder="Search in the transcript" autocomplete="off" value=${query}
				onInput=${(/** @type {any} */ event) => onSearch(event.currentTarget.value)} onKeyDown=${press} />
			<span class="muted" role="status">${isSearching && (count ? `${chosen + 1} of ${count}` : 'Not found')}</span>
			${count > 1 && html`
				<${Button} kind="quiet small" aria-label="Previous match" onClick=${() => step(-1)}><${Up} /></${Button}>
				<${Button} kind="quiet small" aria-label="Next match" onClick=${() => step(1)}><${Down} /></${Button}>`}
		</div>`;
}
