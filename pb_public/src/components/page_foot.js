import { reachability } from '../data/clients.js';
import { announce, announcement, undoAnnounced } from '../lib/announce.js';
import { messageOf } from '../lib/errors.js';
import { clockText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { Button } from './button.js';

/** What floats at the foot of the window: the last success, and whether the server can be reached. */
export const PageFoot = () => html`
	<div class="foot">
		<div role="status"><${Toast} /></div>
		<div role="status">${reachability.lostAt.value > 0 && html`
			<p class="server-lost"><span class="dots" aria-hidden="true"><i /><i /><i /></span>${lostText(reachability.lostAt.value)}</p>`}</div>
	</div>`;

function Toast() {
	const shown = announcement.value;
	if (!shown) return null;
	const onUndo = () => undoAnnounced().catch((error) => announce(messageOf(error)));
	return html`<p class="toast">${shown.text}${shown.undo && html` <${Button} kind="link" onClick=${onUndo}>Undo</${Button}>`}</p>`;
}

/** @param {number} lostAt milliseconds since the epoch */
const lostText = (lostAt) => `Can’t reach the server. Reconnecting… What you see is from ${clockText(new Date(lostAt).toISOString())}.`;
