import { signal } from '../../vendor/signals.js';

/** The title of the page that is shown; blank before there is one. */
export const pageTitle = signal('');
