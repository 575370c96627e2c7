import { useEffect, useMemo } from '../../vendor/preact-hooks.js';
import { LiveRecords } from '../data/live_records.js';
import { serverInfo } from '../data/server_info.js';
import { firstMessage } from '../lib/errors.js';
import { relativeText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { meetingHref } from '../lib/router.js';
import { nowFor } from '../lib/tick.js';
import { usePreference } from '../lib/use_preference.js';
import { BrowserNotices } from './browser_notices.js';
import { CheckBox } from './check_box.js';
import { ConfirmationButton } from './confirmation_button.js';
import { Notice } from './notice.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').NoticeRecord} NoticeRecord */

/** @type {Record<string, string>} */
const choices = {
	failed: 'When there is a problem, or something stops',
	your_turn: 'When it is your turn to upload a recording to Loom',
	digest: 'Every Monday, a summary of the week',
};

/** As on the server. @type {Record<string, boolean>} */
const defaults = { failed: true, your_turn: true, digest: false };

/** Which mail the user receives, and what this browser shows. @param {{workspace: Workspace}} props */
export function Notifications({ workspace }) {
	const { value, save, error, loaded } = usePreference(workspace.preferences, 'notify');
	const chosen = { ...defaults, ...value };
	return html`
		<section class="card" aria-labelledby="notifications-heading">
			<h2 id="notifications-heading">Notifications</h2>
			<fieldset class="choices" disabled=${!loaded}>
				<legend>Send e-mail to ${workspace.user.email}</legend>
				${Object.entries(choices).map(([key, label]) => html`
					<${CheckBox} key=${key} label=${label} checked=${chosen[key]} onChange=${(/** @type {boolean} */ checked) => save({ ...chosen, [key]: checked })} />`)}
			</fieldset>
			${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
			<${MailHint} workspace=${workspace} />
			<${BrowserNotices} workspace=${workspace} />
		</section>`;
}

/** Says why no mail arrives. @param {{workspace: Workspace}} props */
function MailHint({ workspace }) {
	const own = workspace.connections.find(({ provider }) => provider === 'smtp');
	if (!workspace.connections.loaded.value || (own && own.status !== 'invalid')) return null;
	if (!serverInfo.value.mail) return html`<p class="hint">This server sends no e-mail. Add a mail server of your own below.</p>`;
	if (workspace.isVerified.value) return null;
	return html`
		<p class="hint">Your address is not confirmed, so this server sends no notifications to it. Confirm it, or add a mail server of your own below.</p>
		<${Confirmation} workspace=${workspace} />`;
}

/** Sends a confirmation link, which the user opens elsewhere, and notices when they return. @param {{workspace: Workspace}} props */
function Confirmation({ workspace }) {
	useEffect(() => {
		const check = () => !document.hidden && workspace.checkVerified().catch(() => {}); // the next event tries again
		const events = ['visibilitychange', 'focus']; // the mail may be in another tab, or in another window
		for (const event of events) addEventListener(event, check);
		check();
		return () => events.forEach((event) => removeEventListener(event, check));
	}, [workspace]);
	return html`<${ConfirmationButton} email=${workspace.user.email} label="Send me a confirmation link" />`;
}

const maxShown = 20;

/** The latest notices, if there are any. @param {{workspace: Workspace}} props */
export function LatestNotices({ workspace }) {
	/** @type {LiveRecords<NoticeRecord>} */
	const notices = useMemo(() => {
		const collection = workspace.db.collection('notices');
		return new LiveRecords(workspace.streams.database, 'notices', async () => (await collection.getList(1, maxShown, { sort: '-created' })).items);
	}, []);
	useEffect(() => {
		notices.start();
		return () => notices.stop();
	}, [notices]);
	const newest = [...notices.records.value.values()].sort((a, b) => b.created.localeCompare(a.created)).slice(0, maxShown);
	if (notices.error.value) return html`<${Notice}>${notices.error.value}</${Notice}>`;
	if (!newest.length) return null;
	return html`
		<section class="card" aria-labelledby="notices-heading">
			<h2 id="notices-heading">Latest</h2>
			<ul class="notices">
				${newest.map((notice) => html`
					<li key=${notice.id}>
						<${NoticeText} notice=${notice} meeting=${notice.recording_id ? workspace.lookup.get(notice.recording_id) : undefined} />
						${' '}<span class="muted">${relativeText(notice.created, nowFor(notice.created))}</span>
					</li>`)}
			</ul>
		</section>`;
}

/** Links to the meeting that a notice is about, like the mail. @param {{notice: NoticeRecord, meeting?: import('../data/types.js').MeetingTitle}} props */
const NoticeText = ({ notice, meeting }) => (meeting ? html`<a href=${meetingHref(meeting.id)}>${notice.text}</a>` : notice.text);
