// Adds the pages "Users", "Queue" and "Health" to the admin UI; docs/operations.md describes them. PocketBase runs this file
// inside an async function, which cannot contain static imports, and starts the router without waiting for dynamic ones. The routes
// therefore import their pages when they are opened.

/** @typedef {import('./page.js').Route} Route */

const pageURL = app.pb.buildURL('/_/extensions/queue/page.js');
app.routes.superuserOnly('#/queue', async (/** @type {Route} */ route) => (await import(pageURL)).queuePage(route));
const usersURL = app.pb.buildURL('/_/extensions/queue/users_page.js');
app.routes.superuserOnly('#/users', async (/** @type {Route} */ route) => (await import(usersURL)).usersPage(route));
const healthURL = app.pb.buildURL('/_/extensions/queue/health.js');
app.routes.superuserOnly('#/health', async () => (await import(healthURL)).healthPage());

// PocketBase's own backups, on the page "Backups" of the settings, contain less than an operator expects.
document.addEventListener('mount:pageBackupsSettings', (event) => {
	const note =
		'These backups contain the global database only: no user databases, meetings or recordings. ' +
		'Run "fathom-to-loom backup create", or set BACKUP_DIR or BACKUP_S3_BUCKET, to back up everything.';
	const page = /** @type {CustomEvent<HTMLElement>} */ (event).detail;
	page.querySelector('.wrapper')?.prepend(t.div({ className: 'alert warning m-b-sm' }, note));
});

app.store.headerLinks.splice(
	2,
	0, // before the settings
	{ href: '#/users', icon: 'ri-group-line', label: 'Users' },
	{ href: '#/queue', icon: 'ri-stack-line', label: 'Queue' },
	{ href: '#/health', icon: 'ri-pulse-line', label: 'Health' },
);
