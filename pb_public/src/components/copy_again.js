import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { choiceOf } from '../lib/transfer_state.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Notice } from './notice.js';
import { StorageLink } from './storage_link.js';

/**
 * Fetches the file of a transfer that has ended from Fathom again.
 * @param {{workspace: import('../data/workspace.js').Workspace, transfer: import('../data/types.js').Transfer, label?: string,
 *   isStored?: boolean}} props
 */
export function CopyAgain({ workspace: { jobs }, transfer, label = 'Copy again', isStored = false }) {
	const last = jobs.records.value.get(transfer.job);
	const { run, busy, error } = useAction(() => jobs.transfer(transfer.recording_id, { ...choiceOf(last), again: isStored, deliver: transfer.status !== 'stored' }));
	const failure = error ? firstMessage(error) : last?.status === 'dead' ? last.error : '';
	if (jobs.transferring.value.has(transfer.recording_id)) return html`<p class="muted">The video is copied from Fathom again soon.</p>`;
	return html`
		<${Button} kind="quiet" busy=${busy} onClick=${run}>${label}</${Button}>
		${failure && html`<${Notice}>${failure}<${StorageLink} reason=${failure} /></${Notice}>`}`;
}
