// Templates without a build step: html`<p>${text}</p>` makes Preact nodes. Text
// in a hole is always shown as text, never read as HTML.
import htm from '../../vendor/htm.js';
import { h } from '../../vendor/preact.js';

export const html = htm.bind(h);
