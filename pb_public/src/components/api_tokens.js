import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { pb } from '../data/clients.js';
import { firstMessage } from '../lib/errors.js';
import { dayText, relativeText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { nowFor } from '../lib/tick.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { ConfirmButton } from './confirm_button.js';
import { Notice } from './notice.js';
import { Spinner } from './spinner.js';
import { NewToken, TokenForm } from './token_form.js';

/** @typedef {import('../data/types.js').APIToken} APIToken */

/** The API tokens of the account: their list, a form for another one, and the text of a new one until the page is left. */
export function APITokens() {
	const [tokens, setTokens] = useState(/** @type {APIToken[] | null} */ (null));
	const [adding, setAdding] = useState(false);
	const [created, setCreated] = useState(/** @type {(APIToken & {token: string}) | null} */ (null));
	const { run: read, error } = useAction(async () => setTokens((await pb.send('/api/tokens', {})).tokens));
	useEffect(() => {
		read();
	}, []);
	/** @param {APIToken & {token: string}} token */
	const added = (token) => {
		setCreated(token);
		setAdding(false);
		read();
	};
	/** @param {string} id */
	const revoke = async (id) => {
		await pb.send(`/api/tokens/${id}`, { method: 'DELETE' });
		if (created?.id === id) setCreated(null);
		setTokens((list) => (list ?? []).filter((token) => token.id !== id));
	};
	return html`
		<section class="card" aria-labelledby="tokens-heading">
			<h2 id="tokens-heading">API tokens</h2>
			<p class="muted">Scripts and assistants use your data with a token instead of your password. Changing your password
			revokes all tokens, and the access that you gave assistants.</p>
			${!tokens && !error && html`<${Spinner} label="Loading tokens" />`}
			${error && html`<${Notice}>${firstMessage(error)} <${Button} kind="link" onClick=${read}>Try again</${Button}></${Notice}>`}
			${tokens && tokens.length > 0 && html`
				<ul class="rules">
					${tokens.map((token) => html`<li key=${token.id}><${Row} token=${token} onRevoke=${() => revoke(token.id)} /></li>`)}
				</ul>`}
			${created && html`<${NewToken} key=${created.id} name=${created.name} text=${created.token} />`}
			${adding
				? html`<${TokenForm} onCreated=${added} onCancel=${() => setAdding(false)} />`
				: tokens && html`<${Button} kind="quiet" onClick=${() => setAdding(true)}>Create token</${Button}>`}
		</section>`;
}

/** @param {APIToken} token @param {boolean} hasExpired */
function revocationText({ client }, hasExpired) {
	if (hasExpired) return client ? 'Remove this assistant from the list?' : 'Remove this token from the list?';
	return client ? 'The assistant can’t read your meetings any more, until you allow it again.' : 'Whatever uses this token stops working at once.';
}

/** @param {{token: APIToken, onRevoke: () => Promise<void>}} props */
function Row({ token, onRevoke }) {
	const hasExpired = Date.parse(token.expires) <= Date.now();
	const used = token.last_used
		? `last used ${relativeText(token.last_used, nowFor(token.last_used))}${token.last_address && ` from ${token.last_address}`}`
		: 'never used';
	return html`
		<div>
			<strong>${token.name}</strong> ${token.client ? `(assistant, ${token.client})` : html`<code>${token.prefix}…</code>`}
			<p class="muted">${token.scopes.join(', ')} · ${hasExpired ? 'expired' : 'expires'} ${dayText(token.expires)} · ${used}</p>
			<${ConfirmButton} label=${hasExpired ? 'Remove' : 'Revoke'} subject=${token.name} action=${onRevoke}
				question=${revocationText(token, hasExpired)} />
		</div>`;
}
