import { beginSignIn, forgetSignIn, isUnfinished } from '../data/atlassian_sign_in.js';
import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { unfinishedText } from '../lib/loom_connection.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

/**
 * Says what to do when the user has come back from Atlassian's page without an answer: that page shows some refusals
 * without returning here.
 * @param {{workspace: import('../data/workspace.js').Workspace}} props
 */
export function UnfinishedSignIn({ workspace }) {
	const { run, busy, error } = useAction(() => beginSignIn(workspace));
	if (!isUnfinished.value) return null;
	return html`
		<${Notice}>${error ? firstMessage(error) : unfinishedText(location)}</${Notice}>
		<div class="actions">
			<${Button} kind="quiet" busy=${busy} onClick=${run}>Sign in again</${Button}>
			<${Button} kind="link" onClick=${forgetSignIn}>Dismiss</${Button}>
		</div>`;
}
