import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { isActive } from '../lib/job_status.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Sync } from './icons.js';
import { Notice } from './notice.js';

/** Starts a sync of the list of meetings. @param {{workspace: import('../data/workspace.js').Workspace, kind?: 'primary'|'quiet'}} props */
export function SyncButton({ workspace, kind = 'quiet' }) {
	const { run, busy, error } = useAction(() => workspace.jobs.sync());
	const active = isActive(workspace.jobs.lastSync);
	return html`
		<div class="sync">
			<${Button} kind=${kind} busy=${busy || active} onClick=${run}><${Sync} /><span>${active ? 'Syncing…' : 'Sync meetings'}</span></${Button}>
			${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
		</div>`;
}
