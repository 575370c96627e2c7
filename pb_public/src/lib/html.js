// Templates without a build step: html`<p>${text}</p>` returns Preact nodes. Interpolated text is
// always shown as text and is never parsed as HTML.
import htm from '../../vendor/htm.js';
import { h } from '../../vendor/preact.js';

export const html = htm.bind(h);
