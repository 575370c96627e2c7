// Confirms the new e-mail address of an account, with the link that was mailed to it and the password.
import { AccountCard } from '../components/account_card.js';
import { Button } from '../components/button.js';
import { Field } from '../components/field.js';
import { Notice } from '../components/notice.js';
import { UnusableLink } from '../components/unusable_link.js';
import { claimOf, confirmNewEmail } from '../data/account.js';
import { incompleteLink, linkProblem } from '../lib/account_text.js';
import { fieldError, messageOf } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { settingsHref } from '../lib/router.js';
import { useAction } from '../lib/use_action.js';

/** @param {{token: string}} props from the link */
export function ConfirmEmailPage({ token }) {
	const { run, busy, error } = useAction(confirmNewEmail);
	const email = claimOf(token, 'newEmail');
	const problem = email ? linkProblem(error) : incompleteLink;
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		run(token, String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('password')));
	};
	if (problem) return html`<${UnusableLink} title="Confirm your new address" problem=${problem} href=${settingsHref('security')} />`;
	const isWrong = Boolean(fieldError(error, 'password'));
	return html`
		<${AccountCard} title="Confirm your new address">
			<p>From now on, your account will use <strong>${email}</strong>. All other browsers will be signed out.</p>
			<form onSubmit=${submit}>
				<input type="email" autocomplete="username" value=${email} readOnly hidden />
				<${Field} id="password" label="Your password" type="password" required autocomplete="current-password" error=${isWrong ? 'This is not the password of your account.' : ''} />
				${error && !isWrong && html`<${Notice}>${messageOf(error)}</${Notice}>`}
				<${Button} type="submit" busy=${busy}>Use this address</${Button}>
			</form>
		</${AccountCard}>`;
}
