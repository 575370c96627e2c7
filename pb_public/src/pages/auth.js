// Sign-in and sign-up.
import { useEffect, useLayoutEffect, useRef, useState } from '../../vendor/preact-hooks.js';
import { Button } from '../components/button.js';
import { ConfirmationButton } from '../components/confirmation_button.js';
import { CodeForm } from '../components/code_form.js';
import { Field } from '../components/field.js';
import { Logo } from '../components/icons.js';
import { Notice } from '../components/notice.js';
import { OperatorContact } from '../components/operator_contact.js';
import { Spinner } from '../components/spinner.js';
import { pb } from '../data/clients.js';
import { returned } from '../data/oauth_redirect.js';
import { loadServerInfo, serverInfo } from '../data/server_info.js';
import { abandonSecondStep, completeRedirectSignIn, enterCode, secondStep, sendSignInCode, signIn, signInWith, signUp } from '../data/session.js';
import { fieldError, firstMessage, messageOf, statusOf } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { pageTitle } from '../lib/page_title.js';
import { href, route } from '../lib/router.js';
import { useAction } from '../lib/use_action.js';

/** @typedef {{name: string, displayName: string}} Provider */

/** @param {{notice: string}} props */
export function AuthPage({ notice }) {
	const [isNew, setNew] = useState(route.value.page === 'sign-up');
	const [isInformed, setInformed] = useState(false); // about who may sign up
	const [providers, setProviders] = useState(/** @type {Provider[]} */ ([]));
	useEffect(() => {
		loadServerInfo().then(() => setInformed(true)); // also if the request failed
		pb.collection('users').listAuthMethods().then(
			(methods) => setProviders(methods.oauth2.enabled ? methods.oauth2.providers : []),
			() => {}, // the form reports the problem when it is submitted
		);
	}, []);
	const completion = useAction(completeRedirectSignIn);
	const isReturning = returned.value !== null;
	useEffect(() => {
		if (isReturning) completion.run();
	}, []);
	const step = secondStep.value;
	const hadStep = useRef(false);
	useLayoutEffect(() => {
		if (hadStep.current && !step) document.getElementById('email')?.focus();
		hadStep.current = step !== null;
	}, [step]);
	let title = isNew ? 'Create account' : 'Sign in';
	if (step) title = 'Enter your code';
	useEffect(() => {
		pageTitle.value = title;
	}, [title]);
	return html`
		<main class="auth">
			<section class="pitch">
				<p class="brand"><${Logo} /><span>Fathom-to-Loom</span></p>
				<h1>Move your Fathom meetings to Loom.</h1>
				<p class="lead">Copy each video, and keep its summary, action items and transcript in your own database.</p>
			</section>
			<section class="card form-card">
				<h2>${title}</h2>
				${notice && !step && html`<${Notice} kind="note">${notice}</${Notice}>`}
				${step && html`<${SecondStep} key=${step.mfaId} />`}
				${completion.busy && html`<${Spinner} label="Signing in" />`}
				${completion.error && !step && html`<${Notice}>${messageOf(completion.error)}</${Notice}>`}
				${!step && !completion.busy && html`
					<${PasswordForm} key=${String(isNew)} isNew=${isNew} />
					${providers.length > 0 && html`<${OAuthButtons} providers=${providers} />`}
					${isInformed
						? html`<${FormSwitch} isNew=${isNew} onClick=${() => setNew(!isNew)} />`
						: html`<p class="switch" aria-hidden="true">${'\u00a0'}</p>`}`}
			</section>
		</main>`;
}

/** Asks for the code that was mailed after the first step. */
function SecondStep() {
	return html`
		<${CodeForm} id="code" send=${sendSignInCode} submit=${enterCode} label="Sign in" onCancel=${abandonSecondStep} cancelLabel="Back to sign-in" />
		<p class="muted">You can’t read mail at this address any more? Ask <${OperatorContact} />.</p>`;
}

/** The link between the two forms, unless nobody can sign up. @param {{isNew: boolean, onClick: () => void}} props */
function FormSwitch({ isNew, onClick }) {
	const { signUp: mode } = serverInfo.value;
	if (mode === 'closed') return html`<p class="switch">New here? Ask <${OperatorContact} /> for an account.</p>`;
	const question = mode === 'invite' ? 'Accounts are by invitation. Were you invited?' : 'New here?';
	return html`
		<p class="switch">
			${isNew ? 'Already have an account?' : question}${' '}
			<${Button} kind="link" onClick=${onClick}>${isNew ? 'Sign in' : 'Create account'}</${Button}>
		</p>`;
}

/** @param {{isNew: boolean}} props */
function PasswordForm({ isNew }) {
	const { run, busy, error, clear } = useAction(isNew ? signUp : signIn);
	const [address, setAddress] = useState('');
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
		const email = String(form.get('email')).trim();
		setAddress(email);
		run(email, String(form.get('password')));
	};
	if (isUnverified(error)) return html`<${VerificationNotice} isNew=${isNew} email=${address} onBack=${clear} />`;
	const emailError = isTaken(error) ? 'An account with this e-mail already exists. Sign in instead.' : fieldError(error, 'email');
	const passwordError = fieldError(error, 'password');
	const formError = error && !emailError && !passwordError;
	return html`
		<form onSubmit=${submit}>
			<${Field} id="email" label="E-mail" type="email" required autocomplete="username" error=${emailError}
				hint=${isNew && serverInfo.value.signUp === 'invite' ? 'The address that was invited.' : ''} />
			<${Field} id="password" label="Password" type="password" required minlength=${isNew ? 8 : undefined}
				autocomplete=${isNew ? 'new-password' : 'current-password'} error=${passwordError}
				hint=${isNew ? 'At least 8 characters.' : ''} />
			${formError && html`<${Notice}>${!isNew && statusOf(error) === 400 ? 'Wrong e-mail or password.' : firstMessage(error)}</${Notice}>`}
			<${Button} type="submit" busy=${busy}>${submitLabel(isNew, busy)}</${Button}>
		</form>
		${!isNew && html`<p class="switch"><a href=${href('/forgot-password')}>Forgot your password?</a></p>`}`;
}

/** @param {any} error */
const isTaken = (error) => error?.response?.data?.email?.code === 'validation_not_unique';

/** @param {any} error */
const isUnverified = (error) => error?.response?.data?.email?.code === 'validation_not_verified';

/** Asks a user to confirm their address. @param {{isNew: boolean, email: string, onBack: () => void}} props */
function VerificationNotice({ isNew, email, onBack }) {
	return html`
		<div>
			<${Notice} kind="note">
				${isNew && 'Your account was created. '}To confirm your address, open the link in the message that was sent to ${email}. Then sign in.
			</${Notice}>
			<${ConfirmationButton} email=${email} label="Send the message again" />
			${!isNew && html`<p><${Button} kind="link" onClick=${onBack}>Back to the form</${Button}></p>`}
		</div>`;
}

/** @param {boolean} isNew @param {boolean} busy */
function submitLabel(isNew, busy) {
	if (isNew) return busy ? 'Creating account…' : 'Create account';
	return busy ? 'Signing in…' : 'Sign in';
}

/** @param {{providers: Provider[]}} props */
function OAuthButtons({ providers }) {
	const [chosen, setChosen] = useState('');
	const { run, busy, error } = useAction(signInWith);
	/** @param {string} name */
	const choose = (name) => {
		setChosen(name);
		run(name);
	};
	return html`
		<div class="oauth">
			<p class="or"><span>or</span></p>
			${providers.map(({ name, displayName }) => {
				const isBusy = busy && chosen === name;
				const label = displayName || name;
				return html`
					<${Button} key=${name} kind="quiet" busy=${isBusy} disabled=${busy} onClick=${() => choose(name)}>
						${isBusy ? `Waiting for ${label}…` : `Continue with ${label}`}
					</${Button}>`;
			})}
			${error && html`<${Notice}>${messageOf(error)}</${Notice}>`}
		</div>`;
}
