import { html } from '../lib/html.js';

/** One of the steps of the page "To upload". @param {{number: number, title: string, children?: any}} props */
export const DeskStep = ({ number, title, children }) => html`
	<section class="card desk-step" aria-labelledby=${`step-${number}`}>
		<h2 id=${`step-${number}`}><span class="desk-number" aria-hidden="true">${number}</span>${title}</h2>
		${children}
	</section>`;
