import { useEffect, useRef } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { navigate, searchHref } from '../lib/router.js';
import { Button } from './button.js';
import { Search } from './icons.js';

/**
 * A field that leads to the page with the results.
 * @param {{query?: string, problem?: string, onSearch?: (query: string) => void}} props
 *   problem is what is wrong with the query; onSearch is called if the same query is sent again
 */
export function SearchField({ query = '', problem = '', onSearch }) {
	const input = useRef(/** @type {HTMLInputElement | null} */ (null));
	useEffect(() => { // once for each search, so that what is being typed stays
		if (input.current) input.current.value = query;
	}, [query]);
	/** @param {any} event */
	const onSubmit = (event) => {
		event.preventDefault();
		const entered = event.currentTarget.elements.q.value.trim();
		if (entered === query) onSearch?.(entered);
		else navigate(searchHref(entered));
	};
	return html`
		<form class="search" role="search" onSubmit=${onSubmit}>
			<label for="search">Search in everything that was said</label>
			<div class="search-line">
				<div class="filter">
					<${Search} />
					<input id="search" name="q" type="search" autocomplete="off" maxlength="500" ref=${input}
						aria-invalid=${problem ? 'true' : undefined} aria-describedby=${problem ? 'search-problem' : undefined} />
				</div>
				<${Button} kind="quiet" type="submit">Search</${Button}>
			</div>
			${problem && html`<p class="error" id="search-problem" role="alert">${problem}</p>`}
		</form>`;
}
