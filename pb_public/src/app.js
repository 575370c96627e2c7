// The frame around every page, and which page it is.
import { html } from './lib/html.js';
import { Button, Spinner } from './components/button.js';
import { Logo } from './components/icons.js';
import { route } from './lib/router.js';
import { session, signOut, start } from './data/session.js';
import { AccountPage } from './pages/account.js';
import { AuthPage } from './pages/auth.js';
import { ConnectionsPage } from './pages/connections.js';
import { JobsPage } from './pages/jobs.js';
import { MeetingsPage } from './pages/meetings.js';
import { MeetingPage } from './pages/meeting.js';

export function App() {
	const now = session.value;
	switch (now.phase) {
		case 'starting':
			return html`<main class="splash"><${Spinner} label="Opening your meetings" /></main>`;
		case 'offline':
			return html`
				<main class="splash">
					<${Logo} />
					<p role="alert">${now.notice}</p>
					<${Button} onClick=${start}>Try again</${Button}>
				</main>`;
		case 'signed-out':
			return html`<${AuthPage} notice=${now.notice} />`;
		default:
			return html`<${Frame} key=${now.workspace.user.id} workspace=${now.workspace} />`;
	}
}

/** @param {{workspace: import('./data/workspace.js').Workspace}} props */
function Frame({ workspace }) {
	const at = route.value;
	/** @param {boolean} current */
	const current = (current) => (current ? 'page' : undefined);
	return html`
		<a class="skip" href="#content" onClick=${skip}>Skip to the page</a>
		<header class="top">
			<a class="brand" href="#/" aria-label="Fathom-to-Loom: meetings"><${Logo} /><span>Fathom-to-Loom</span></a>
			<nav aria-label="Main">
				<a href="#/" aria-current=${current(at.page === 'meetings' || at.page === 'meeting')}>Meetings</a>
				<a href="#/jobs" aria-current=${current(at.page === 'jobs')}>Jobs</a>
				<a href="#/connections" aria-current=${current(at.page === 'connections')}>Connections</a>
				<a href="#/account" aria-current=${current(at.page === 'account')}>Account</a>
			</nav>
			<div class="who">
				<span class="email" title=${workspace.user.email}>${workspace.user.email}</span>
				<button type="button" class="link" onClick=${signOut}>Sign out</button>
			</div>
		</header>
		<main id="content" tabindex="-1">
			${at.page === 'jobs' && html`<${JobsPage} workspace=${workspace} />`}
			${at.page === 'connections' && html`<${ConnectionsPage} workspace=${workspace} />`}
			${at.page === 'account' && html`<${AccountPage} workspace=${workspace} />`}
			${at.page === 'meetings' && html`<${MeetingsPage} workspace=${workspace} />`}
			${at.page === 'meeting' && html`<${MeetingPage} key=${at.id} workspace=${workspace} id=${at.id} />`}
		</main>`;
}

/** Moves the focus without touching the hash, which is the route. @param {Event} event */
function skip(event) {
	event.preventDefault();
	document.getElementById('content')?.focus();
}
