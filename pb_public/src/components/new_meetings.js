import { useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { settingsHref } from '../lib/router.js';
import { AutoSync } from './auto_sync.js';
import { FathomWebhook } from './fathom_webhook.js';
import { Rules } from './rules.js';

/**
 * How new meetings get here, on a schedule or reported by Fathom, and what happens to them. The rules follow when the state of the
 * webhook is known, which would move them.
 * @param {{workspace: import('../data/workspace.js').Workspace}} props
 */
export function NewMeetings({ workspace }) {
	const [isReady, setReady] = useState(false);
	return html`
		<section class="card" aria-labelledby="new-meetings-heading">
			<h2 id="new-meetings-heading">New meetings</h2>
			${workspace.fathom
				? html`<${AutoSync} workspace=${workspace} /><${FathomWebhook} workspace=${workspace} onReady=${() => setReady(true)} />`
				: html`<p>Save your Fathom API key first. <a href=${settingsHref('fathom')}>Connect Fathom</a></p>`}
		</section>
		${workspace.fathom && isReady && html`<${Rules} workspace=${workspace} />`}`;
}
