// Starts the web app.
import { render } from '../vendor/preact.js';
import '../vendor/signals.js'; // makes components re-render when a signal they read changes
import { App } from './app.js';
import { noticeUnfinished, receiveCallback } from './data/atlassian_sign_in.js';
import { connect } from './data/clients.js';
import { receiveReturn } from './data/oauth_redirect.js';
import { startSession } from './data/session.js';
import { followTitle } from './data/tab_title.js';
import { appURL } from './lib/app_url.js';
import { html } from './lib/html.js';
import { keepFocus } from './lib/keep_focus.js';
import { startRouter } from './lib/router.js';
import { followTheme } from './lib/theme.js';

followTheme();
receiveCallback();
receiveReturn();
addEventListener('pageshow', noticeUnfinished); // also after the Back button, when the page may still be in memory
connect(appURL());
startRouter();
startSession();
followTitle();
const root = document.getElementById('app');
if (root) {
	keepFocus(root);
	render(html`<${App} />`, root);
}
