import { html } from '../lib/html.js';
import { href } from '../lib/router.js';
import { Logo } from './icons.js';
import { PageTitle } from './page_title.js';

/** The frame of pages about an account, for people who may not be signed in. @param {{title: string, children?: any}} props */
export function AccountCard({ title, children }) {
	return html`
		<main class="account-card">
			<a class="brand" href=${href('/')} aria-label="Fathom-to-Loom: start"><${Logo} /><span>Fathom-to-Loom</span></a>
			<section class="card form-card">
				<${PageTitle} title=${title} />
				${children}
			</section>
		</main>`;
}
