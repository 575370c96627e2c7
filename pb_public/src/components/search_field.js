import { useEffect, useRef } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { navigate, route, searchHref } from '../lib/router.js';
import { Search } from './icons.js';

const typingPause = 250; // milliseconds

/** Whether the user is typing, and continues on the page with the results. */
let continuesTyping = false;

/**
 * A field that shows the page with the results while the user types.
 * @param {{query?: string, problem?: string, onSearch?: (query: string) => void}} props
 *   problem is what is wrong with the query; onSearch is called if the same query is sent again
 */
export function SearchField({ query = '', problem = '', onSearch }) {
	const input = useRef(/** @type {HTMLInputElement | null} */ (null));
	const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
	useEffect(() => { // once for each search, so that what is being typed stays
		const field = input.current;
		if (!field || field.value.trim() === query) return;
		field.value = query;
		if (continuesTyping) field.focus();
		continuesTyping = false;
	}, [query]);
	useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
	/** @param {boolean} [isSent] by pressing Enter */
	const search = (isSent = false) => {
		clearTimeout(timer.current ?? undefined);
		const entered = input.current?.value.trim() ?? '';
		if (entered === query) return isSent && onSearch?.(entered);
		const isOpen = route.value.page === 'search';
		continuesTyping = !isOpen;
		navigate(searchHref(entered), { replace: isOpen }); // the Back button leaves the search
	};
	/** @param {any} event */
	const onInput = ({ isComposing }) => {
		clearTimeout(timer.current ?? undefined);
		if (!isComposing) timer.current = setTimeout(search, typingPause);
	};
	/** @param {any} event */
	const onSubmit = (event) => {
		event.preventDefault();
		search(true);
	};
	return html`
		<form class="search" role="search" onSubmit=${onSubmit}>
			<label class="hidden" for="search">Search in everything that was said</label>
			<div class="filter">
				<${Search} />
				<input id="search" name="q" type="search" autocomplete="off" enterkeyhint="search" maxlength="500" placeholder="Search titles, people and what was said" ref=${input}
					onInput=${onInput} onCompositionEnd=${onInput} aria-invalid=${problem ? 'true' : undefined} aria-describedby=${problem ? 'search-problem' : undefined} />
			</div>
			${problem && html`<p class="error" id="search-problem" role="alert">${problem}</p>`}
		</form>`;
}
