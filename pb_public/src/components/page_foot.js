import { reachability } from '../data/clients.js';
import { announcement } from '../lib/announce.js';
import { clockText } from '../lib/format.js';
import { html } from '../lib/html.js';

/** What floats at the foot of the window: the last success, and whether the server can be reached. */
export const PageFoot = () => html`
	<div class="foot">
		<div role="status">${announcement.value && html`<p class="toast">${announcement.value}</p>`}</div>
		<div role="status">${reachability.lostAt.value > 0 && html`
			<p class="server-lost"><span class="dots" aria-hidden="true"><i /><i /><i /></span>${lostText(reachability.lostAt.value)}</p>`}</div>
	</div>`;

/** @param {number} lostAt milliseconds since the epoch */
const lostText = (lostAt) => `Can’t reach the server. Reconnecting… What you see is from ${clockText(new Date(lostAt).toISOString())}.`;
