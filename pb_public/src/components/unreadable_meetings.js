import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';

/** @typedef {{id: string, recording_id: string, reason: string}} UnreadableMeeting */
/** @typedef {{totalItems: number, items: UnreadableMeeting[]}} Page */

const maxShown = 50;

/**
 * The meetings that a sync could not read. `sync` is the last one; another sync may change them, without a message.
 * @param {{workspace: import('../data/workspace.js').Workspace, sync: import('../data/types.js').Job}} props
 */
export function UnreadableMeetings({ workspace: { db }, sync }) {
	const [page, setPage] = useState(/** @type {Page | null} */ (null));
	const { run, error } = useAction(async () => setPage(/** @type {any} */ (await db.collection('unreadable_meetings').getList(1, maxShown, { sort: '-created' }))));
	useEffect(() => {
		run();
	}, [sync.id, sync.finished_at]);
	if (error) return html`<p class="error" role="alert">${firstMessage(error)} <${Button} kind="link" onClick=${run}>Try again</${Button}></p>`;
	if (!page?.totalItems) return null;
	return html`
		<details class="unreadable">
			<summary>${countText(page.totalItems, 'meeting')} at Fathom could not be read</summary>
			<p>Nothing is lost: a later version of this server tries them again. So does a check of all meetings, if Fathom changes them.</p>
			<ul class="notices">
				${page.items.map(({ id, recording_id: recording, reason }) => html`
					<li key=${id}><strong>${recording ? `Recording ${recording}` : 'A meeting without an id'}</strong> <span class="muted">${reason}</span></li>`)}
			</ul>
			${page.totalItems > page.items.length && html`<p class="muted">The latest ${page.items.length} are shown.</p>`}
		</details>`;
}
