// Everything that keeps an account in its owner's hands.
import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { pb } from '../data/clients.js';
import { signOutElsewhere } from '../data/session.js';
import { signInEvents } from '../lib/account_text.js';
import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { Activity } from './activity.js';
import { Button } from './button.js';
import { ConfirmButton } from './confirm_button.js';
import { Notice } from './notice.js';
import { EmailAddress, Password, TwoStep } from './sign_in_security.js';
import { Spinner } from './spinner.js';

/** @typedef {import('../data/types.js').Security} Security */

/** Each card follows when those above it have their height, so that nothing moves. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function SecuritySettings({ workspace }) {
	const [security, setSecurity] = useState(/** @type {Security | null} */ (null));
	const { run, error } = useAction(async () => {
		const read = await pb.send('/api/account/security', {});
		workspace.isVerified.value = read.verified;
		setSecurity(read);
	});
	const [isReady, setReady] = useState(false);
	useEffect(() => {
		run();
	}, []);
	return html`
		<${EmailAddress} workspace=${workspace} />
		${!security && !error && html`<${Spinner} label="Loading security" />`}
		${error && html`<${Notice}>${firstMessage(error)} <${Button} kind="link" onClick=${run}>Try again</${Button}></${Notice}>`}
		${security && html`
			<${Password} email=${workspace.user.email} providers=${security.providers} />
			<${TwoStep} workspace=${workspace} security=${security} onChange=${run} />
			<${SignOutEverywhere} />`}
		${(security || error) && html`<${Activity} id="sign-ins" title="Recent sign-ins" events=${signInEvents} onReady=${() => setReady(true)} />`}
		${isReady && html`<${Activity} id="activity" title="Recent activity" />`}`;
}

function SignOutEverywhere() {
	const [isDone, setDone] = useState(false);
	return html`
		<section class="card" aria-labelledby="sign-out-heading">
			<h2 id="sign-out-heading">Sign out everywhere</h2>
			<p>Signs out all other browsers and devices at once, and revokes all API tokens and the access of assistants. You stay signed in here.</p>
			<${ConfirmButton} label="Sign out everywhere else" question="Scripts and assistants that use a token stop working. Sign out everywhere else?"
				action=${async () => {
					await signOutElsewhere();
					setDone(true);
				}} />
			<p class="muted" role="status">${isDone && 'All other browsers and devices were signed out.'}</p>
		</section>`;
}
