import { useState } from '../../vendor/preact-hooks.js';
import { fieldError, firstMessage } from '../lib/errors.js';
import { countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { linkProblem } from '../lib/link_problem.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Field } from './field.js';
import { Notice } from './notice.js';

/**
 * Saves the Loom share link of a transfer. The server checks it with Loom; if it has doubts, the user decides.
 * @param {{workspace: import('../data/workspace.js').Workspace, transfer: import('../data/types.js').Transfer}} props
 */
export function LinkForm({ workspace, transfer }) {
	const [pasted, setPasted] = useState('');
	const others = workspace.meetings.states.value.your_turn - 1; // before the link is saved
	const { run, busy, error, clear } = useAction(async (/** @type {string} */ link, /** @type {boolean} */ confirmed) => {
		setPasted(link);
		const saved = await workspace.db.collection('transfers').update(transfer.id, { share_url: link, confirmed });
		for (const records of [workspace.transfers, workspace.waiting]) records.put(/** @type {any} */ (saved));
	}, () => {
		return `Link saved. The video is on Loom.${others > 0 ? ` ${countText(others, 'more', 'more')} to upload.` : ''}`;
	});
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		run(String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('share-link')).trim(), false);
	};
	const problem = linkProblem(error);
	return html`
		<form onSubmit=${submit}>
			<${Field} id="share-link" label="Loom share link" required autocomplete="off" spellcheck=${false} onInput=${error ? clear : undefined}
				placeholder="https://www.loom.com/share/…" error=${error && !problem ? fieldError(error, 'share_url') || firstMessage(error) : ''} />
			${problem && html`
				<${Notice}>
					<p>${problem.message}</p>
					${problem.sides.length > 0 && html`
						<dl class="sides">${problem.sides.map(({ name, text }) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>`}
					<${Button} kind="quiet" busy=${busy} onClick=${() => run(pasted, true)}>Save anyway</${Button}>
				</${Notice}>`}
			<${Button} type="submit" busy=${busy}>${busy ? 'Checking link…' : 'Save link'}</${Button}>
		</form>`;
}
