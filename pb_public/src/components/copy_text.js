import { html } from '../lib/html.js';
import { useCopy } from '../lib/use_copy.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

/** A text to copy, of one line or several. @param {{id: string, label: string, text: string}} props */
export function CopyText({ id, label, text }) {
	const { run, copied, error } = useCopy(text);
	return html`
		<div class="copy-text">
			<p id=${id} class="hint">${label}</p>
			<pre tabindex="0" role="group" aria-labelledby=${id}>${text}</pre>
			<div class="actions"><${Button} kind="quiet" aria-label=${`Copy: ${label}`} onClick=${run}>${copied ? 'Copied' : 'Copy'}</${Button}></div>
			${error && html`<${Notice}>Your browser doesn’t allow copying here. Select the text and copy it.</${Notice}>`}
		</div>`;
}
