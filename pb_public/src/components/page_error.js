import { html } from '../lib/html.js';
import { Button } from './button.js';

/** Replaces a page that fails to render. */
export const PageError = () => html`
	<div class="page">
		<section class="empty" role="alert">
			<h1>This page cannot be displayed</h1>
			<p>Reload it. If this keeps happening, contact the operator.</p>
			<${Button} kind="quiet" onClick=${() => location.reload()}>Reload page</${Button}>
		</section>
	</div>`;
