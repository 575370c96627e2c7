// Where Atlassian returns after a sign-in: the connection is completed, then the settings of Loom follow.
import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page_title.js';
import { Spinner } from '../components/spinner.js';
import { beginSignIn, callback, completeSignIn } from '../data/atlassian_sign_in.js';
import { firstMessage, statusOf } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { callbackProblem } from '../lib/loom_connection.js';
import { navigate, settingsHref } from '../lib/router.js';
import { useAction } from '../lib/use_action.js';

/** @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function AtlassianCallbackPage({ workspace }) {
	const [received] = useState(() => callback.peek());
	const problem = received ? callbackProblem(received, location) : 'There is no sign-in to finish.';
	const completion = useAction(async () => {
		if (!received) return;
		await completeSignIn(workspace, received);
		callback.value = null;
		navigate(settingsHref('loom'), { replace: true }); // so that the Back button doesn't lead here
	});
	const restart = useAction(() => beginSignIn(workspace));
	useEffect(() => {
		if (problem) callback.value = null;
		else completion.run();
	}, []);

	const { error } = completion;
	const isUnanswered = error && statusOf(error) === 0; // the code may still be unused
	useEffect(() => {
		if (error && !isUnanswered) callback.value = null;
	}, [error]);
	const message = problem || (error && firstMessage(error));
	return html`
		<div class="page narrow">
			<${PageTitle} title="Connect Atlassian" />
			<section class="card" aria-label="Sign-in at Atlassian">
				${!message && html`<${Spinner} label="Connecting Atlassian" />`}
				${message && html`
					<${Notice}>${message}</${Notice}>
					<div class="actions">
						${isUnanswered
							? html`<${Button} onClick=${completion.run}>Try again</${Button}>`
							: html`<${Button} busy=${restart.busy} onClick=${restart.run}>Start again</${Button}>`}
						<a class="button quiet" href=${settingsHref('loom')}>Back to settings</a>
					</div>
					${restart.error && html`<${Notice}>${firstMessage(restart.error)}</${Notice}>`}`}
			</section>
		</div>`;
}
