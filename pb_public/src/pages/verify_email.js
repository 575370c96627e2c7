// Confirms an e-mail address with the link that was mailed to it.
import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { AccountCard } from '../components/account_card.js';
import { Button } from '../components/button.js';
import { ConfirmationButton } from '../components/confirmation_button.js';
import { Notice } from '../components/notice.js';
import { Spinner } from '../components/spinner.js';
import { claimOf, verifyEmail } from '../data/account.js';
import { incompleteLink, linkProblem } from '../lib/account_text.js';
import { messageOf } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { href } from '../lib/router.js';
import { useAction } from '../lib/use_action.js';

/** @param {{token: string}} props from the link */
export function VerifyEmailPage({ token }) {
	const [isDone, setDone] = useState(false);
	const email = claimOf(token, 'email');
	const { run, error } = useAction(async () => {
		await verifyEmail(token);
		setDone(true);
	});
	useEffect(() => {
		if (email) run();
	}, []);
	if (!email) return html`<${AccountCard} title="Confirm your address"><${Notice}>${incompleteLink}</${Notice}></${AccountCard}>`;
	if (isDone) {
		return html`
			<${AccountCard} key="done" title="Your address is confirmed">
				<p>Thank you. <strong>${email}</strong> is yours.</p>
				<p><a class="button primary" href=${href('/')}>Continue</a></p>
			</${AccountCard}>`;
	}
	return html`
		<${AccountCard} title="Confirm your address">
			${!error && html`<${Spinner} label=${`Confirming ${email}`} />`}
			${linkProblem(error) && html`<${Notice}>${linkProblem(error)}</${Notice}><${ConfirmationButton} email=${email} label="Send another link" />`}
			${error && !linkProblem(error) && html`<${Notice}>${messageOf(error)} <${Button} kind="link" onClick=${run}>Try again</${Button}></${Notice}>`}
		</${AccountCard}>`;
}
