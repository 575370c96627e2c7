import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { nowFor } from '../lib/tick.js';
import { useAction } from '../lib/use_action.js';
import { usePreference } from '../lib/use_preference.js';
import { webhookText } from '../lib/webhook_text.js';
import { CheckBox } from './check_box.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../lib/webhook_text.js').WebhookState} WebhookState */

const kinds = ['fathom.sync', 'fathom.webhook']; // the jobs that create and remove webhooks

/**
 * Whether Fathom reports new meetings by a webhook, and whether it works.
 * @param {{workspace: Workspace, onReady: () => void}} props onReady is called when that is known
 */
export function FathomWebhook({ workspace, onReady }) {
	const { preferences, db, jobs } = workspace;
	const preference = usePreference(preferences, 'webhook', true);
	const [state, setState] = useState(/** @type {WebhookState | null} */ (null));
	const { run, error } = useAction(async () => setState(await db.send('/api/fathom-webhook', {})));
	const saved = preferences.get('webhook');
	const progress = jobs.all.filter(({ kind }) => kinds.includes(kind)).map(({ id, status }) => `${id} ${status}`).sort().join();
	useEffect(() => {
		run();
	}, [saved, progress]);
	const isKnown = Boolean(state || error);
	useEffect(() => {
		if (isKnown) onReady();
	}, [isKnown]);
	const problem = preference.error ?? error;
	return html`
		<div class="choices">
			<${CheckBox} label="Let Fathom report new meetings" checked=${preference.value} disabled=${!preference.loaded || state?.status === 'unavailable'}
				onChange=${(/** @type {boolean} */ wanted) => preference.save(wanted ? undefined : false)} />
			<p class="hint" role="status">${state && webhookText(state, nowFor(state.last_message_at))}</p>
			${problem && html`<p class="error" role="alert">${firstMessage(problem)}</p>`}
		</div>`;
}
