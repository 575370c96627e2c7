import { PageTitle } from '../components/page_title.js';
import { html } from '../lib/html.js';
import { href } from '../lib/router.js';

export const NotFoundPage = () => html`
	<div class="page narrow">
		<${PageTitle} title="Page not found" />
		<p>There is no page at this address. It may have been moved, or the link is incomplete.</p>
		<p><a class="button primary" href=${href('/')}>Go to your meetings</a></p>
	</div>`;
