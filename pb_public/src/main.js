// The web app's beginning.
import { render } from '../vendor/preact.js';
import '../vendor/signals.js'; // makes components follow the signals they read
import { App } from './app.js';
import { html } from './lib/html.js';
import { start } from './data/session.js';

const root = document.getElementById('app');
if (root) render(html`<${App} />`, root);
start();
