import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';

/**
 * Reads all meetings from Fathom again, to find those that were renamed, edited, withdrawn or shared late.
 * @param {{workspace: import('../data/workspace.js').Workspace}} props
 */
export function CheckAllButton({ workspace }) {
	const { run, busy, error } = useAction(() => workspace.jobs.sync({ full: true }));
	return html`
		<${Button} kind="link" busy=${busy} onClick=${run}>Check all meetings</${Button}>
		${error && html`<span class="error" role="alert">${firstMessage(error)}</span>`}`;
}
