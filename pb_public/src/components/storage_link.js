import { isStorageFull } from '../lib/errors.js';
import { html } from '../lib/html.js';
import { settingsHref } from '../lib/router.js';

/** A link to where storage can be freed, if that is what a failure needs. @param {{reason: string}} props */
export const StorageLink = ({ reason }) => (isStorageFull(reason) ? html`${' '}<a href=${settingsHref('storage')}>Free up storage</a>` : null);
