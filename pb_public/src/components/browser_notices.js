import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { CheckBox } from './check_box.js';

/** @typedef {import('../data/browser_notifications.js').NotificationState} NotificationState */

/** @type {Record<NotificationState, string>} */
const hints = {
	on: 'Problems and recordings that are ready are shown while Fathom-to-Loom is open in a tab.',
	off: '',
	blocked: 'Your browser blocks notifications of this site. Allow them in the browser’s settings for this site.',
	unsupported: 'This browser shows notifications only if the site is opened with HTTPS.',
};

/** Whether this browser shows notices. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function BrowserNotices({ workspace: { notifications } }) {
	const state = notifications.state.value;
	const { run, busy } = useAction((/** @type {boolean} */ wanted) => notifications.choose(wanted));
	return html`
		<fieldset class="choices">
			<legend>In this browser</legend>
			<${CheckBox} label="Show notifications" checked=${state === 'on'} disabled=${busy || state === 'blocked' || state === 'unsupported'} onChange=${run} />
			<p class="hint" role="status">${hints[state]}</p>
		</fieldset>`;
}
