// Adds the "Queue" page to the admin UI; docs/jobs.md describes jobs. PocketBase runs this file inside an async function, which
// cannot contain static imports, and starts the router without waiting for dynamic ones. The route therefore imports its page when
// it is opened.

/** @typedef {import('./page.js').Route} Route */

const pageURL = app.pb.buildURL('/_/extensions/queue/page.js');
app.routes.superuserOnly('#/queue', async (/** @type {Route} */ route) => (await import(pageURL)).queuePage(route));
app.store.headerLinks.splice(2, 0, { href: '#/queue', icon: 'ri-stack-line', label: 'Queue' }); // before the settings
