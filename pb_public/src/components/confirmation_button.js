import { useState } from '../../vendor/preact-hooks.js';
import { resendVerification } from '../data/session.js';
import { messageOf } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

/** Requests the message with the link that confirms an e-mail address. @param {{email: string, label: string}} props */
export function ConfirmationButton({ email, label }) {
	const { run, busy, error } = useAction(resendVerification);
	const [isSent, setSent] = useState(false);
	const send = async () => setSent(await run(email));
	return html`
		<div>
			${error && html`<${Notice}>${messageOf(error)}</${Notice}>`}
			<p><${Button} kind="link" busy=${busy} onClick=${send}>${label}</${Button}></p>
			${isSent && html`<p class="muted" role="status">Request received. If no message arrives, look in your spam folder, and ask again in ten minutes.</p>`}
		</div>`;
}
