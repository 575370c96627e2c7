import { useRef, useState } from '../../vendor/preact-hooks.js';
import { fieldError, firstMessage, messageOf } from '../lib/errors.js';
import { isUntested, keyPage, keyProblem } from '../lib/fathom_key.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { ExternalLink } from './external_link.js';
import { Notice } from './notice.js';

/** @typedef {import('../data/types.js').Connection} Connection */

/**
 * Saves a Fathom API key after the server has tested it. An earlier key stays in use until then.
 * @param {{workspace: import('../data/workspace.js').Workspace, connection?: Connection, onSaved: (saved: Connection) => void, onCancel?: () => void}} props
 */
export function FathomKeyForm({ workspace, connection, onSaved, onCancel }) {
	const input = useRef(/** @type {HTMLInputElement | null} */ (null));
	const [isShown, setShown] = useState(false);
	const [problem, setProblem] = useState('');
	const { run, busy, error, clear } = useAction(async (/** @type {string} */ secret, /** @type {'before' | 'after'} */ check) => {
		const collection = workspace.db.collection('connections');
		const query = { check };
		const saved = /** @type {any} */ (connection
			? await collection.update(connection.id, { secret }, { query })
			: await collection.create({ provider: 'fathom', secret }, { query }));
		workspace.connections.put(saved);
		onSaved(saved);
	});
	/** @param {'before' | 'after'} check when the server tests the key */
	const save = async (check) => {
		const secret = input.current?.value.trim() ?? '';
		const found = keyProblem(secret);
		setProblem(found);
		if (found) clear();
		if (found || !await run(secret, check)) input.current?.focus();
	};
	const refusal = problem || (error && !isUntested(error) ? fieldError(error, 'secret') || firstMessage(error) : '');
	return html`
		<form onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); save('before'); }} novalidate>
			<div class="field">
				<label for="fathom-key">${connection ? 'New Fathom API key' : 'Fathom API key'}</label>
				<div class="secret">
					<input id="fathom-key" ref=${input} type=${isShown ? 'text' : 'password'} required autocomplete="off" autocapitalize="off"
						spellcheck=${false} aria-invalid=${refusal ? 'true' : undefined} aria-describedby=${refusal ? 'fathom-key-error fathom-key-hint' : 'fathom-key-hint'}
						onPaste=${pasteTrimmed} />
					<button type="button" class="button quiet" aria-controls="fathom-key" aria-label=${isShown ? 'Hide key' : 'Show key'}
						onClick=${() => setShown(!isShown)}>${isShown ? 'Hide' : 'Show'}</button>
				</div>
				${refusal && html`<p class="error" id="fathom-key-error" role="alert">${refusal}</p>`}
				<p class="hint" id="fathom-key-hint">
					<${ExternalLink} href=${keyPage}>Create a key at Fathom</${ExternalLink}> under User Settings → API Access. It is tested before it is saved, and stored encrypted.
				</p>
			</div>
			${error && isUntested(error) && !problem && html`
				<${Notice}>${messageOf(error)} Try again in a moment, or save the key now: it is then tested when it is first used.</${Notice}>`}
			<div class="actions">
				<${Button} type="submit" busy=${busy}>${busy ? 'Testing with Fathom…' : 'Save key'}</${Button}>
				${error && isUntested(error) && html`<${Button} kind="quiet" busy=${busy} onClick=${() => save('after')}>Save anyway</${Button}>`}
				${onCancel && html`<${Button} kind="quiet" onClick=${onCancel}>Cancel</${Button}>`}
			</div>
		</form>`;
}

/** Pastes without the spaces and line breaks that are often copied together with a key. @param {any} event */
function pasteTrimmed(event) {
	event.preventDefault();
	const { currentTarget: field } = event;
	field.setRangeText(event.clipboardData.getData('text').trim(), field.selectionStart, field.selectionEnd, 'end');
}
