// Where people choose a new password with the link that was mailed to them.
import { AccountCard } from '../components/account_card.js';
import { Button } from '../components/button.js';
import { NewPassword } from '../components/new_password.js';
import { Notice } from '../components/notice.js';
import { UnusableLink } from '../components/unusable_link.js';
import { claimOf, resetPassword } from '../data/account.js';
import { incompleteLink, linkProblem } from '../lib/account_text.js';
import { fieldError, messageOf } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { href } from '../lib/router.js';
import { useAction } from '../lib/use_action.js';

/** @param {{token: string}} props from the link */
export function ResetPasswordPage({ token }) {
	const { run, busy, error } = useAction(resetPassword);
	const email = claimOf(token, 'email');
	const problem = email ? linkProblem(error) : incompleteLink;
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		run(token, String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('password')));
	};
	if (problem) return html`<${UnusableLink} title="Choose a new password" problem=${problem} href=${href('/forgot-password')} />`;
	const passwordError = fieldError(error, 'password');
	return html`
		<${AccountCard} title="Choose a new password">
			<p>For the account of <strong>${email}</strong>. All browsers that are signed in to it will be signed out.</p>
			<form onSubmit=${submit}>
				<${NewPassword} id="password" email=${email} error=${passwordError} />
				${error && !passwordError && html`<${Notice}>${messageOf(error)}</${Notice}>`}
				<${Button} type="submit" busy=${busy}>Save and sign in</${Button}>
			</form>
		</${AccountCard}>`;
}
