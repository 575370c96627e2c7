import { useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { canUpload } from '../lib/loom_connection.js';
import { Button } from './button.js';
import { ConnectionBadge } from './connection_badge.js';
import { LoomConnect } from './loom_connect.js';
import { LoomConnection } from './loom_connection.js';
import { LoomDefaults } from './loom_defaults.js';

/** The connection to Loom, and what is chosen for its videos. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function LoomPanel({ workspace }) {
	const [connecting, setConnecting] = useState(false);
	const connection = workspace.loom;
	const close = () => setConnecting(false);
	return html`
		<section class="card" aria-labelledby="loom-heading">
			<div class="card-head">
				<h2 id="loom-heading">Loom</h2>
				<${ConnectionBadge} connection=${connection} />
			</div>
			${!connection && html`
				<p>${workspace.delivery.by === 'user'
					? 'Without a connection, each transfer prepares a file. You upload it on Loom’s website and paste the link that Loom gives you.'
					: 'Transfers to Loom need a connection on this server.'}
				${' '}With a connection to Atlassian, which Loom belongs to, this server uploads the files for you.</p>`}
			${connection && !connecting && html`<${LoomConnection} workspace=${workspace} connection=${connection} onReplace=${() => setConnecting(true)} />`}
			${connecting && html`<${LoomConnect} workspace=${workspace} connection=${connection} onDone=${close} />`}
			${!connection && !connecting && html`<${Button} kind="quiet" onClick=${() => setConnecting(true)}>Connect Loom</${Button}>`}
			${canUpload(connection) && !connecting && html`<${LoomDefaults} workspace=${workspace} />`}
		</section>`;
}
