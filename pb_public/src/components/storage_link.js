import { isStorageFull } from '../lib/errors.js';
import { html } from '../lib/html.js';

/** A link to where storage can be freed, if that is what a failure needs. @param {{reason: string}} props */
export const StorageLink = ({ reason }) => (isStorageFull(reason) ? html`${' '}<a href="#/account">Free up storage</a>` : null);
