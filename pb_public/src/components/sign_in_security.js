// How the user signs in: the e-mail address, the password, and the second step.
import { useLayoutEffect, useRef, useState } from '../../vendor/preact-hooks.js';
import { requestNewEmail, requestPasswordReset } from '../data/account.js';
import { pb } from '../data/clients.js';
import { serverInfo } from '../data/server_info.js';
import { changePassword } from '../data/session.js';
import { fieldError, firstMessage, messageOf } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { CodeForm } from './code_form.js';
import { ConfirmationButton } from './confirmation_button.js';
import { Field } from './field.js';
import { NewPassword } from './new_password.js';
import { Notice } from './notice.js';
import { OperatorContact } from './operator_contact.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').Security} Security */

/** @param {{workspace: Workspace}} props */
export function EmailAddress({ workspace: { user, isVerified } }) {
	const [sentTo, setSentTo] = useState('');
	const { run, busy, error } = useAction(requestNewEmail);
	/** @param {Event} event */
	const submit = async (event) => {
		event.preventDefault();
		const form = /** @type {HTMLFormElement} */ (event.currentTarget);
		const email = String(new FormData(form).get('new-email')).trim();
		setSentTo('');
		if (!(await run(email))) return;
		setSentTo(email);
		form.reset();
	};
	const emailError = fieldError(error, 'newEmail');
	return html`
		<section class="card" aria-labelledby="email-heading">
			<h2 id="email-heading">E-mail address</h2>
			<p><strong>${user.email}</strong> ${isVerified.value ? '(confirmed)' : '(not confirmed)'}</p>
			${serverInfo.value.mail
				? html`
					${!isVerified.value && html`<${ConfirmationButton} email=${user.email} label="Send the link that confirms it" />`}
					<form onSubmit=${submit}>
						<${Field} id="new-email" label="New e-mail address" type="email" required autocomplete="email" error=${emailError} />
						${error && !emailError && html`<${Notice}>${messageOf(error)}</${Notice}>`}
						<${Button} type="submit" kind="quiet" busy=${busy}>Change address</${Button}>
					</form>
					${sentTo && html`<${Notice} kind="note">Open the link in the message that was sent to ${sentTo}. Until then, you sign in as before.</${Notice}>`}`
				: html`<p>This server can’t send e-mail, so it can’t check a new address. Ask <${OperatorContact} /> to change yours.</p>`}
		</section>`;
}

/** @param {{email: string, providers: string[]}} props */
export function Password({ email, providers }) {
	const [isDone, setDone] = useState(false);
	const { run, busy, error } = useAction(changePassword);
	/** @param {Event} event */
	const submit = async (event) => {
		event.preventDefault();
		const form = /** @type {HTMLFormElement} */ (event.currentTarget);
		const data = new FormData(form);
		setDone(false);
		if (!(await run(String(data.get('old-password')), String(data.get('new-password'))))) return;
		form.reset();
		setDone(true);
	};
	const oldError = fieldError(error, 'oldPassword');
	const newError = fieldError(error, 'password');
	return html`
		<section class="card" aria-labelledby="password-heading">
			<h2 id="password-heading">Password</h2>
			<p class="muted">Changing it signs out all other browsers, and revokes all API tokens and the access of assistants.</p>
			<form onSubmit=${submit}>
				<${Field} id="old-password" label="Current password" type="password" required autocomplete="current-password" error=${oldError} />
				<${NewPassword} id="new-password" email=${email} error=${newError} />
				${error && !oldError && !newError && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
				<${Button} type="submit" kind="quiet" busy=${busy}>Change password</${Button}>
			</form>
			${isDone && html`<${Notice} kind="note">Your password was changed. You are still signed in here.</${Notice}>`}
			${providers.length > 0 && html`<${FirstPassword} email=${email} />`}
		</section>`;
}

/** For people who have only signed in with another service. @param {{email: string}} props */
function FirstPassword({ email }) {
	const [isSent, setSent] = useState(false);
	const { run, busy, error } = useAction(requestPasswordReset);
	const send = async () => setSent(await run(email));
	if (!serverInfo.value.mail) return html`<p>You have never set a password? Ask <${OperatorContact} /> for one.</p>`;
	return html`
		<div>
			<p>You have never set a password? <${Button} kind="link" busy=${busy} onClick=${send}>Send a link to choose one</${Button}></p>
			<p class="muted" role="status">${isSent && `A link is on its way to ${email}.`}</p>
			${error && html`<${Notice}>${messageOf(error)}</${Notice}>`}
		</div>`;
}

/** @type {() => Promise<import('../data/types.js').SentCode>} */
const sendCode = () => pb.send('/api/account/two-step/code', { method: 'POST' });

/** @param {{workspace: Workspace, security: Security, onChange: () => Promise<unknown>}} props */
export function TwoStep({ workspace, security: { two_step: isOn, two_step_available: isAvailable }, onChange }) {
	const [asking, setAsking] = useState(/** @type {boolean | undefined} */ (undefined)); // undefined: never asked
	const root = useRef(/** @type {HTMLElement | null} */ (null));
	useLayoutEffect(() => {
		if (asking === false) root.current?.querySelector('button')?.focus();
	}, [asking]);
	/** @param {string} otpId @param {string} code */
	const change = async (otpId, code) => {
		await pb.send('/api/account/two-step', { method: 'POST', body: { on: !isOn, otpId, code } });
		await onChange();
		setAsking(false);
	};
	const label = isOn ? 'Turn off' : 'Turn on';
	const canChange = isAvailable && (isOn || workspace.isVerified.value);
	return html`
		<section class="card" aria-labelledby="two-step-heading" ref=${root}>
			<h2 id="two-step-heading">Two-step sign-in</h2>
			<p role="status"><strong>${isOn ? 'On.' : 'Off.'}</strong> ${isOn
				? 'Whoever signs in to your account also needs a code that is sent to your e-mail address.'
				: 'If it is on, whoever signs in to your account also needs a code that is sent to your e-mail address. Somebody who only knows your password stays out.'}</p>
			${!isAvailable && html`<p>${isOn ? html`This server can’t send codes at the moment. Ask <${OperatorContact} /> before you sign out.` : 'This server can’t send codes.'}</p>`}
			${isAvailable && !canChange && html`<p>Confirm your e-mail address first, above.</p>`}
			${canChange && !asking && html`<${Button} kind="quiet" onClick=${() => setAsking(true)}>${label}</${Button}>`}
			${canChange && asking && html`
				<${CodeForm} id="two-step-code" send=${sendCode} submit=${change} label=${label} onCancel=${() => setAsking(false)} cancelLabel="Cancel" />`}
		</section>`;
}
