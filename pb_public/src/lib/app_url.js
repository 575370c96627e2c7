/**
 * The address of the app without a slash at the end: the origin, or a path below it if the server shares a site with others.
 * The app has one page, so that its folder is that of the current address.
 */
export const appURL = () => location.origin + location.pathname.replace(/\/[^/]*$/, '');
