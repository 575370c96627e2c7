// Signing up and in.
import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { Button, Field, Notice } from '../components/button.js';
import { pb } from '../data/clients.js';
import { anyMessage, fieldError, messageOf, statusOf } from '../lib/errors.js';
import { Logo } from '../components/icons.js';
import { signIn, signInWith, signUp } from '../data/session.js';
import { useAction } from '../lib/use_action.js';

/** @typedef {{name: string, displayName: string}} Provider */

/** @param {{notice: string}} props */
export function AuthPage({ notice }) {
	const [isNew, setNew] = useState(false);
	const [providers, setProviders] = useState(/** @type {Provider[]} */ ([]));
	useEffect(() => {
		document.title = 'Sign in · Fathom-to-Loom';
		pb.collection('users').listAuthMethods().then(
			(methods) => setProviders(methods.oauth2.enabled ? methods.oauth2.providers : []),
			() => {}, // the form below says what is wrong when it is sent
		);
	}, []);
	return html`
		<main class="auth">
			<section class="pitch">
				<p class="brand"><${Logo} /><span>Fathom-to-Loom</span></p>
				<h1>Your Fathom meetings, at home in Loom.</h1>
				<p class="lead">Bring over the video, and keep its summary, action items and transcript in a database of your own.</p>
			</section>
			<section class="card form-card">
				<h2>${isNew ? 'Make an account' : 'Sign in'}</h2>
				${notice && html`<${Notice} kind="note">${notice}</${Notice}>`}
				<${PasswordForm} key=${String(isNew)} isNew=${isNew} />
				${providers.length > 0 && html`<${OAuthButtons} providers=${providers} />`}
				<p class="switch">
					${isNew ? 'You have an account?' : 'New here?'}${' '}
					<${Button} kind="link" onClick=${() => setNew(!isNew)}>${isNew ? 'Sign in' : 'Make an account'}</${Button}>
				</p>
			</section>
		</main>`;
}

/** @param {{isNew: boolean}} props */
function PasswordForm({ isNew }) {
	const { run, busy, error } = useAction(isNew ? signUp : signIn);
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
		run(String(form.get('email')).trim(), String(form.get('password')));
	};
	const wrong = { email: isTaken(error) ? 'There is an account with this e-mail already.' : fieldError(error, 'email'), password: fieldError(error, 'password') };
	const other = error && !wrong.email && !wrong.password;
	return html`
		<form onSubmit=${submit}>
			<${Field} id="email" label="E-mail" type="email" required autocomplete="username" error=${wrong.email} />
			<${Field} id="password" label="Password" type="password" required minlength=${isNew ? 8 : undefined}
				autocomplete=${isNew ? 'new-password' : 'current-password'} error=${wrong.password}
				hint=${isNew ? 'At least 8 characters.' : ''} />
			${other && html`<${Notice}>${!isNew && statusOf(error) === 400 ? 'This e-mail and password don’t go together.' : anyMessage(error)}</${Notice}>`}
			<${Button} type="submit" busy=${busy}>${submitLabel(isNew, busy)}</${Button}>
		</form>`;
}

/** @param {any} error */
const isTaken = (error) => error?.response?.data?.email?.code === 'validation_not_unique';

/** @param {boolean} isNew @param {boolean} busy */
function submitLabel(isNew, busy) {
	if (isNew) return busy ? 'Making your account…' : 'Make account';
	return busy ? 'Signing in…' : 'Sign in';
}

/** @param {{providers: Provider[]}} props */
function OAuthButtons({ providers }) {
	const { run, busy, error } = useAction(signInWith);
	return html`
		<div class="oauth">
			<p class="or"><span>or</span></p>
			${providers.map(({ name, displayName }) => html`
				<${Button} key=${name} kind="quiet" busy=${busy} onClick=${() => run(name)}>Continue with ${displayName || name}</${Button}>`)}
			${error && !error.isAbort && html`<${Notice}>${messageOf(error)}</${Notice}>`}
		</div>`;
}
