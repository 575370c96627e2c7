// What the app does, in short, and whom to ask.
import { PageTitle } from '../components/page_title.js';
import { serverInfo } from '../data/server_info.js';
import { html } from '../lib/html.js';
import { settingsHref } from '../lib/router.js';

export function HelpPage() {
	const { version } = serverInfo.value;
	return html`
		<div class="page narrow help">
			<${PageTitle} title="Help" />
			<h2>From Fathom to Loom</h2>
			<ol>
				<li>Save your Fathom API key in <a href=${settingsHref('fathom')}>Settings</a>. Your meetings are listed here.</li>
				<li>Copy a meeting: its video, summary and transcript are stored in your own database on this server.</li>
				<li>The video goes on to Loom: by itself if you have <a href=${settingsHref('loom')}>connected Loom</a>, otherwise you upload
				the file there and paste Loom’s link.</li>
			</ol>
			<h2>What is stored, and who can read it</h2>
			<p>Your meetings are kept in a database that belongs to you alone. The operator of this server can open it, and you see
			under <a href=${settingsHref('security')}>Security</a> when that happened. Keys are encrypted and never shown again.
			Nothing is deleted at Fathom or Loom. You can <a href=${settingsHref('data')}>download everything or delete your account</a>.</p>
			<h2>Loom’s limits</h2>
			<p>Loom’s Starter plan holds 25 videos of up to 5 minutes each. For others to see a video, its link must be visible to
			anyone who has it; Loom asks for that when you share.</p>
			<h2>When something doesn’t work</h2>
			<p>Every problem says what to do next. If it stays, tell the operator of this server what you did and when.</p>
			${version && html`<p class="muted">Version ${version}</p>`}
		</div>`;
}
