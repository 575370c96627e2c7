import { html } from '../lib/html.js';
import { href } from '../lib/router.js';

/**
 * The way to the page "To upload", with how many recordings wait there. It is left out if the server uploads everything.
 * @param {{workspace: import('../data/workspace.js').Workspace, current: 'page' | undefined}} props
 */
export function DeskLink({ workspace, current }) {
	if (workspace.connections.loaded.value && !workspace.uploadsByHand && !current) return null;
	const count = workspace.yourTurn.length;
	return html`
		<a href=${href('/upload')} aria-current=${current}>To upload${count > 0 && html`${' '}<span class="count">${count}<span class="hidden"> waiting</span></span>`}</a>`;
}
