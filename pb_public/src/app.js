// The frame around every page, and the choice of the page.
import { Button } from './components/button.js';
import { ErrorBoundary } from './components/error_boundary.js';
import { Logo } from './components/icons.js';
import { PageError } from './components/page_error.js';
import { Spinner } from './components/spinner.js';
import { callback } from './data/atlassian_sign_in.js';
import { resume, session, signOut } from './data/session.js';
import { html } from './lib/html.js';
import { route } from './lib/router.js';
import { AccountPage } from './pages/account.js';
import { AtlassianCallbackPage } from './pages/atlassian_callback.js';
import { AuthPage } from './pages/auth.js';
import { ConnectionsPage } from './pages/connections.js';
import { JobsPage } from './pages/jobs.js';
import { MeetingPage } from './pages/meeting.js';
import { MeetingsPage } from './pages/meetings.js';

/** @typedef {import('./data/workspace.js').Workspace} Workspace */
/** @typedef {import('./lib/router.js').Route} Route */

export function App() {
	const current = session.value;
	switch (current.phase) {
		case 'starting':
			return html`<main class="splash"><${Spinner} label="Loading your meetings" /></main>`;
		case 'offline':
			return html`
				<main class="splash">
					<${Logo} />
					<p role="alert">${current.notice}</p>
					<${Button} onClick=${resume}>Try again</${Button}>
				</main>`;
		case 'signed-out':
			return html`<${AuthPage} notice=${current.notice || (callback.value ? 'Sign in to finish connecting Atlassian.' : '')} />`;
		default:
			return html`<${Frame} key=${current.workspace.user.id} workspace=${current.workspace} />`;
	}
}

/** @param {{workspace: Workspace}} props */
function Frame({ workspace }) {
	const current = route.value;
	/** @param {Route['page'][]} pages */
	const currentIf = (...pages) => (pages.includes(current.page) ? 'page' : undefined);
	return html`
		<a class="skip" href="#content" onClick=${skipToContent}>Skip to content</a>
		<header class="top">
			<a class="brand" href="#/" aria-label="Fathom-to-Loom: meetings"><${Logo} /><span>Fathom-to-Loom</span></a>
			<nav aria-label="Main">
				<a href="#/" aria-current=${currentIf('meetings', 'meeting')}>Meetings</a>
				<a href="#/jobs" aria-current=${currentIf('jobs')}>Jobs</a>
				<a href="#/connections" aria-current=${currentIf('connections', 'atlassian-callback')}>Connections</a>
				<a href="#/account" aria-current=${currentIf('account')}>Account</a>
			</nav>
			<div class="user">
				<span class="email" title=${workspace.user.email}>${workspace.user.email}</span>
				<button type="button" class="link" onClick=${signOut}>Sign out</button>
			</div>
		</header>
		<main id="content" tabindex="-1">
			<${ErrorBoundary} key=${Object.values(current).join('/')} fallback=${html`<${PageError} />`}>
				<${Page} workspace=${workspace} route=${current} />
			</${ErrorBoundary}>
		</main>`;
}

/** @param {{workspace: Workspace, route: Route}} props */
function Page({ workspace, route: current }) {
	switch (current.page) {
		case 'jobs': return html`<${JobsPage} workspace=${workspace} />`;
		case 'connections': return html`<${ConnectionsPage} workspace=${workspace} />`;
		case 'atlassian-callback': return html`<${AtlassianCallbackPage} workspace=${workspace} />`;
		case 'account': return html`<${AccountPage} workspace=${workspace} />`;
		case 'meeting': return html`<${MeetingPage} workspace=${workspace} id=${current.id} />`;
		default: return html`<${MeetingsPage} workspace=${workspace} />`;
	}
}

/** Moves the focus instead of following the link, because the hash holds the route. @param {Event} event */
function skipToContent(event) {
	event.preventDefault();
	document.getElementById('content')?.focus();
}
