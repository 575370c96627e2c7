// The frame around every page, and the choice of the page.
import { useEffect } from '../vendor/preact-hooks.js';
import { Button } from './components/button.js';
import { DeskLink } from './components/desk_link.js';
import { ErrorBoundary } from './components/error_boundary.js';
import { Logo } from './components/icons.js';
import { Keyboard } from './components/keyboard.js';
import { later } from './components/later.js';
import { PageError } from './components/page_error.js';
import { PageFoot } from './components/page_foot.js';
import { Spinner } from './components/spinner.js';
import { callback } from './data/atlassian_sign_in.js';
import { reachability } from './data/clients.js';
import { resume, session, signOut } from './data/session.js';
import { html } from './lib/html.js';
import { activityHref, href, isMailPage, pageKey, route } from './lib/router.js';
import { AuthPage } from './pages/auth.js';
import { MeetingsPage } from './pages/meetings.js';
import { NotFoundPage } from './pages/not_found.js';

/** @typedef {import('./data/workspace.js').Workspace} Workspace */
/** @typedef {import('./lib/router.js').Route} Route */

const { Later, preload } = later(() => import('./more_pages.js'));

export function App() {
	const current = session.value;
	const { page } = route.value;
	// What follows the # in a link of a mail is a secret, which the server hasn't seen.
	if (isMailPage(route.value)) return html`<${Later} key=${location.hash} name=${mailPages[page]} token=${location.hash.slice(1)} />`;
	if (page === 'forgot-password') return html`<${Later} name="ForgotPasswordPage" />`;
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
			return html`<${AuthPage} notice=${current.notice || signInReason()} />`;
		default:
			return html`<${Frame} key=${current.workspace.user.id} workspace=${current.workspace} />`;
	}
}

/** @type {Record<string, 'ResetPasswordPage' | 'VerifyEmailPage' | 'ConfirmEmailPage'>} */
const mailPages = { 'reset-password': 'ResetPasswordPage', 'verify-email': 'VerifyEmailPage', 'confirm-email': 'ConfirmEmailPage' };

/** What waits for the user to sign in; blank if nothing does. */
function signInReason() {
	if (route.value.page === 'authorize') return 'An assistant asks for access to your meetings. Sign in to decide.';
	return callback.value ? 'Sign in to finish connecting Atlassian.' : '';
}

/** @param {{workspace: Workspace}} props */
function Frame({ workspace }) {
	const current = route.value;
	useEffect(() => {
		const idle = setTimeout(preload, 1_000);
		return () => clearTimeout(idle);
	}, []);
	/** @param {Route['page'][]} names */
	const currentIf = (...names) => (names.includes(current.page) ? 'page' : undefined);
	return html`
		<a class="skip" href=${`${location.pathname}${location.search}#content`} onClick=${skipToContent}>Skip to content</a>
		<header class="top">
			<a class="brand" href=${href('/')} aria-label="Fathom-to-Loom: meetings"><${Logo} /><span>Fathom-to-Loom</span></a>
			<nav aria-label="Main">
				<a href=${href('/')} aria-current=${currentIf('meetings', 'meeting', 'search')}>Meetings</a>
				<${DeskLink} workspace=${workspace} current=${currentIf('upload')} />
				<a href=${activityHref()} aria-current=${currentIf('activity')}>Activity</a>
				<a href=${href('/settings')} aria-current=${currentIf('settings', 'atlassian-callback')}>Settings</a>
				<a href=${href('/help')} aria-current=${currentIf('help')}>Help</a>
			</nav>
			<div class="user">
				<span class="email" title=${workspace.user.email}>${workspace.user.email}</span>
				<button type="button" class="link" onClick=${signOut}>Sign out</button>
			</div>
		</header>
		<main id="content" tabindex="-1" class=${reachability.lostAt.value > 0 ? 'stale' : ''}>
			<${ErrorBoundary} key=${pageKey(current)} fallback=${html`<${PageError} />`}>
				<${Page} workspace=${workspace} route=${current} />
			</${ErrorBoundary}>
		</main>
		<${PageFoot} />
		<${Keyboard} workspace=${workspace} />`;
}

/** @param {{workspace: Workspace, route: Route}} props */
function Page({ workspace, route: current }) {
	switch (current.page) {
		case 'upload': return html`<${Later} name="UploadPage" workspace=${workspace} />`;
		case 'activity': return html`<${Later} name="ActivityPage" workspace=${workspace} query=${current.query} />`;
		case 'settings': return html`<${Later} name="SettingsPage" workspace=${workspace} section=${current.section} />`;
		case 'help': return html`<${Later} name="HelpPage" />`;
		case 'atlassian-callback': return html`<${Later} name="AtlassianCallbackPage" workspace=${workspace} />`;
		case 'authorize': return html`<${Later} name="AuthorizePage" query=${current.query} />`;
		case 'meeting': return html`<${Later} name="MeetingPage" workspace=${workspace} id=${current.id} at=${current.at} tab=${current.tab} />`;
		case 'search': return html`<${Later} name="SearchPage" workspace=${workspace} query=${current.query} />`;
		case 'not-found': return html`<${NotFoundPage} />`;
		default: return html`<${MeetingsPage} workspace=${workspace} query=${'query' in current ? current.query : ''} />`;
	}
}

/** Moves the focus without a change of the address. @param {Event} event */
function skipToContent(event) {
	event.preventDefault();
	document.getElementById('content')?.focus();
}
