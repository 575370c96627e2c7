import { html } from '../lib/html.js';
import { Check } from './icons.js';

/** Steps in a line. @param {{titles: string[], step: number}} props step is the index of the current one; those before it are done */
export function Steps({ titles, step }) {
	return html`
		<ol class="steps" aria-label="Steps">
			${titles.map((title, index) => html`
				<li key=${title} class=${index < step ? 'past' : index === step ? 'now' : ''} aria-current=${index === step ? 'step' : undefined}>
					<span class="dot" aria-hidden="true">${index < step && html`<${Check} />`}</span>
					<span>${title}${index < step && html`<span class="hidden"> (done)</span>`}</span>
				</li>`)}
		</ol>`;
}
