// What a user can change, in sections that each have an address.
import { useEffect, useRef } from '../../vendor/preact-hooks.js';
import { APITokens } from '../components/api_tokens.js';
import { Appearance } from '../components/appearance.js';
import { Assistants } from '../components/assistants.js';
import { FathomConnection } from '../components/fathom_connection.js';
import { FileNames } from '../components/file_names.js';
import { LoomPanel } from '../components/loom_panel.js';
import { MailServer } from '../components/mail_server.js';
import { Notice } from '../components/notice.js';
import { LatestNotices, Notifications } from '../components/notifications.js';
import { PageTitle } from '../components/page_title.js';
import { SecuritySettings } from '../components/security.js';
import { Spinner } from '../components/spinner.js';
import { Storage } from '../components/storage.js';
import { NewMeetings } from '../components/new_meetings.js';
import { Webhook } from '../components/webhook.js';
import { Deletion, Export } from '../components/your_data.js';
import { html } from '../lib/html.js';
import { settingsHref } from '../lib/router.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../lib/router.js').SettingsSection} SettingsSection */

/** @type {Record<SettingsSection, {title: string, content: (workspace: Workspace) => any}>} */
const sections = {
	fathom: { title: 'Fathom', content: (workspace) => html`<${FathomConnection} workspace=${workspace} />` },
	loom: { title: 'Loom', content: (workspace) => html`<${LoomPanel} workspace=${workspace} /><${FileNames} workspace=${workspace} />` },
	automation: { title: 'Automation', content: (workspace) => html`<${NewMeetings} workspace=${workspace} />` },
	notifications: { title: 'Notifications', content: (workspace) => html`<${Notifications} workspace=${workspace} /><${MailServer} workspace=${workspace} /><${Webhook} workspace=${workspace} /><${LatestNotices} workspace=${workspace} />` },
	storage: { title: 'Storage', content: (workspace) => html`<${Storage} workspace=${workspace} />` },
	security: { title: 'Security', content: (workspace) => html`<${SecuritySettings} workspace=${workspace} />` },
	tokens: { title: 'API and assistants', content: () => html`<${APITokens} /><${Assistants} />` },
	data: { title: 'Your data', content: (workspace) => html`<${Export} workspace=${workspace} /><${Deletion} workspace=${workspace} />` },
	appearance: { title: 'Appearance', content: () => html`<${Appearance} />` },
};

/** @param {{workspace: Workspace, section: SettingsSection}} props */
export function SettingsPage({ workspace, section }) {
	const { title, content } = sections[section];
	const { connections } = workspace;
	const nav = useRef(/** @type {HTMLElement | null} */ (null));
	useEffect(() => { // on a phone, the names of the sections are in a line that scrolls
		const link = /** @type {HTMLElement | null | undefined} */ (nav.current?.querySelector('[aria-current]'));
		if (nav.current && link) nav.current.scrollLeft = link.offsetLeft - (nav.current.clientWidth - link.clientWidth) / 2;
	}, [section]);
	return html`
		<div class="page settings">
			<nav aria-label="Settings" ref=${nav}>
				${Object.entries(sections).map(([name, { title: label }]) => html`
					<a key=${name} href=${settingsHref(/** @type {SettingsSection} */ (name))} aria-current=${name === section ? 'page' : undefined}>${label}</a>`)}
			</nav>
			<div class="settings-section" key=${section}>
				<${PageTitle} title=${title} />
				${connections.error.value && html`<${Notice}>${connections.error.value}</${Notice}>`}
				${connections.loaded.value ? content(workspace) : html`<${Spinner} label="Loading settings" />`}
			</div>
		</div>`;
}
