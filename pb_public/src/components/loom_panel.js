import { useRef, useState } from '../../vendor/preact-hooks.js';
import { serverInfo } from '../data/server_info.js';
import { html } from '../lib/html.js';
import { canUpload } from '../lib/loom_connection.js';
import { Badge } from './badge.js';
import { Button } from './button.js';
import { ConnectionBadge } from './connection_badge.js';
import { LoomConnect } from './loom_connect.js';
import { Disconnect, LoomConnection } from './loom_connection.js';
import { LoomDefaults } from './loom_defaults.js';
import { UnfinishedSignIn } from './unfinished_sign_in.js';
import { WaitingUploads } from './waiting_uploads.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */

/** How videos get to Loom: the connection, or what to do without one. @param {{workspace: Workspace}} props */
export const LoomPanel = ({ workspace }) => (serverInfo.value.loomUploader === 'handover' ? html`<${ByHand} workspace=${workspace} />` : html`<${Connected} workspace=${workspace} />`);

/** The panel on a server that uses no connections. One that was saved before can be removed. @param {{workspace: Workspace}} props */
function ByHand({ workspace }) {
	const unused = workspace.connections.find(({ provider }) => provider === 'loom');
	return html`
		<section class="card" aria-labelledby="loom-heading">
			<div class="card-head"><h2 id="loom-heading">Loom</h2><${Badge} tone="plain">No key needed</${Badge}></div>
			<p>Copied videos wait for you. You upload each on Loom’s website and paste the link that Loom gives you.</p>
			${unused && html`
				<p class="muted">This server uses the connection that you have saved only to find and check your videos, not to upload.</p>
				<${Disconnect} workspace=${workspace} connection=${unused} />`}
		</section>`;
}

/** @param {{workspace: Workspace}} props */
function Connected({ workspace }) {
	const [connecting, setConnecting] = useState(false);
	const heading = useRef(/** @type {HTMLElement | null} */ (null));
	const connection = workspace.loom;
	const close = () => {
		setConnecting(false);
		heading.current?.focus({ preventScroll: true }); // the button that had it is gone
	};
	return html`
		<section class="card" aria-labelledby="loom-heading">
			<div class="card-head">
				<h2 id="loom-heading" tabindex="-1" ref=${heading}>Loom</h2>
				<${ConnectionBadge} connection=${connection} />
			</div>
			${!connection && html`
				<p>${workspace.requiresLoom
					? 'Uploads to Loom need a connection on this server.'
					: 'Without a connection, copied videos wait for you. You upload each on Loom’s website and paste the link that Loom gives you.'}
				${' '}With a connection to Atlassian, which Loom belongs to, this server uploads the files for you.</p>`}
			${!connecting && html`<${UnfinishedSignIn} workspace=${workspace} />`}
			${connection && !connecting && html`<${LoomConnection} workspace=${workspace} connection=${connection} onReplace=${() => setConnecting(true)} />`}
			${connecting && html`<${LoomConnect} workspace=${workspace} connection=${connection} onDone=${close} />`}
			${!connection && !connecting && html`<${Button} kind="quiet" onClick=${() => setConnecting(true)}>Connect Loom</${Button}>`}
			${canUpload(connection) && !connecting && html`
				<${WaitingUploads} workspace=${workspace} id="waiting" />
				<${LoomDefaults} workspace=${workspace} />`}
		</section>`;
}
