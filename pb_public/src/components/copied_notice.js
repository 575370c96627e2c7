import { html } from '../lib/html.js';
import { transferResultText } from '../lib/transfer_result.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

/** What the last request to copy several meetings did, also if none of them matches the filter any more. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function CopiedNotice({ workspace: { copied } }) {
	const result = copied.value;
	const dismiss = () => {
		copied.value = null;
	};
	return result && html`
		<div class="copied"><${Notice} kind="note">${transferResultText(result)} <${Button} kind="link" onClick=${dismiss}>Dismiss</${Button}></${Notice}></div>`;
}
