/**
 * The address of the app without a slash at the end: the origin, or a path below it if the server shares a site with others.
 * The server writes it into the page's base element.
 */
export const appURL = () => document.baseURI.replace(/\/$/, '');
