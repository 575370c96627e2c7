import { fieldError, firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Field } from './field.js';

/**
 * Saves the Loom share link of a transfer. The server checks it with Loom.
 * @param {{workspace: import('../data/workspace.js').Workspace, transfer: import('../data/types.js').Transfer}} props
 */
export function LinkForm({ workspace, transfer }) {
	const { run, busy, error } = useAction(async (/** @type {string} */ link) => {
		const saved = await workspace.db.collection('transfers').update(transfer.id, { share_url: link });
		workspace.transfers.put(/** @type {any} */ (saved));
	});
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		run(String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('share-link')).trim());
	};
	return html`
		<form onSubmit=${submit}>
			<${Field} id="share-link" label="Loom share link" inputmode="url" required autocomplete="off" spellcheck=${false}
				placeholder="https://www.loom.com/share/…" error=${error ? fieldError(error, 'share_url') || firstMessage(error) : ''} />
			<${Button} type="submit" busy=${busy}>${busy ? 'Checking link…' : 'Save link'}</${Button}>
		</form>`;
}
