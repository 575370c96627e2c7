// Where people ask for a link with which they choose a new password.
import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { AccountCard } from '../components/account_card.js';
import { Button } from '../components/button.js';
import { Field } from '../components/field.js';
import { Notice } from '../components/notice.js';
import { OperatorContact } from '../components/operator_contact.js';
import { requestPasswordReset } from '../data/account.js';
import { loadServerInfo, serverInfo } from '../data/server_info.js';
import { fieldError, messageOf } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { href } from '../lib/router.js';
import { useAction } from '../lib/use_action.js';

export function ForgotPasswordPage() {
	useEffect(() => {
		loadServerInfo();
	}, []);
	return html`
		<${AccountCard} title="Forgot your password?">
			${serverInfo.value.mail ? html`<${RequestForm} />` : html`<p>This server can’t send e-mail. Ask <${OperatorContact} /> to set a new password for you.</p>`}
			<p><a href=${href('/sign-in')}>Back to sign-in</a></p>
		</${AccountCard}>`;
}

function RequestForm() {
	const [address, setAddress] = useState('');
	const { run, busy, error } = useAction(requestPasswordReset);
	/** @param {Event} event */
	const submit = async (event) => {
		event.preventDefault();
		const email = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('email')).trim();
		if (await run(email)) setAddress(email);
	};
	const emailError = fieldError(error, 'email');
	return html`
		<p>Enter the e-mail address of your account. You’ll receive a link with which you choose a new password.</p>
		<form onSubmit=${submit}>
			<${Field} id="email" label="E-mail" type="email" required autocomplete="username" error=${emailError} />
			${error && !emailError && html`<${Notice}>${messageOf(error)}</${Notice}>`}
			<${Button} type="submit" busy=${busy}>Send the link</${Button}>
		</form>
		${address && html`
			<${Notice} kind="note">If ${address} has an account here, a message with a link is on its way. The link works for half an hour. If nothing
				arrives, look in your spam folder, and ask again in ten minutes. If you can’t read mail at this address any more, ask <${OperatorContact} />.</${Notice}>`}`;
}
