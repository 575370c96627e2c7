import { useEffect, useLayoutEffect, useRef } from '../../vendor/preact-hooks.js';
import { isCarrying } from '../lib/carried_typing.js';
import { html } from '../lib/html.js';
import { pageTitle } from '../lib/page_title.js';

/**
 * A page's heading. It receives the focus when the page opens, so that screen readers announce the page, unless the user types into
 * a field of the page already.
 * @param {{title: string}} props
 */
export function PageTitle({ title }) {
	const heading = useRef(/** @type {HTMLElement | null} */ (null));
	useEffect(() => {
		pageTitle.value = title;
	}, [title]);
	useLayoutEffect(() => {
		if (!isCarrying()) heading.current?.focus({ preventScroll: true });
	}, []);
	return html`<h1 dir="auto" tabindex="-1" ref=${heading}>${title}</h1>`;
}
