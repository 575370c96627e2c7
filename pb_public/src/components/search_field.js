import { useEffect, useRef } from '../../vendor/preact-hooks.js';
import { carryTyping } from '../lib/carried_typing.js';
import { html } from '../lib/html.js';
import { navigate, route, searchHref } from '../lib/router.js';
import { useCarriedTyping } from '../lib/use_carried_typing.js';
import { Search } from './icons.js';

const typingPause = 250; // milliseconds

const id = 'search';

/**
 * A field that shows the page with the results while the user types.
 * @param {{query?: string, problem?: string, onSearch?: (query: string) => void}} props
 *   problem is what is wrong with the query; onSearch is called if the same query is sent again
 */
export function SearchField({ query = '', problem = '', onSearch }) {
	const input = useRef(/** @type {HTMLInputElement | null} */ (null));
	const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
	const asked = useRef(/** @type {string | undefined} */ (undefined)); // the query that this field has asked for
	useEffect(() => {
		if (!input.current || query === asked.current) return; // what is being typed stays
		asked.current = query;
		input.current.value = query;
	}, [query]);
	useCarriedTyping(input, id, () => search());
	useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
	/** @param {boolean} [isSent] by pressing Enter */
	const search = (isSent = false) => {
		clearTimeout(timer.current ?? undefined);
		const text = input.current?.value ?? '';
		const entered = text.trim();
		if (entered === query) return isSent && onSearch?.(entered);
		const isOpen = route.value.page === 'search';
		asked.current = entered;
		if (!isOpen) carryTyping(id, text);
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
			<label class="hidden" for=${id}>Search in everything that was said</label>
			<div class="filter">
				<${Search} />
				<input id=${id} name="q" type="search" autocomplete="off" enterkeyhint="search" maxlength="500" placeholder="Search titles, people and what was said" ref=${input}
					onInput=${onInput} onCompositionEnd=${onInput} aria-invalid=${problem ? 'true' : undefined} aria-describedby=${problem ? 'search-problem' : undefined} />
			</div>
			${problem && html`<p class="error" id="search-problem" role="alert">${problem}</p>`}
		</form>`;
}
