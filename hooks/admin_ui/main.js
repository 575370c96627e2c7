// Adds the "Queue" page to the admin UI; docs/jobs.md describes jobs. PocketBase runs this file inside an async function, which
// cannot contain static imports, and starts the router without waiting for dynamic ones. The route therefore imports its page when
// it is opened.

/** @typedef {import('./page.js').Route} Route */

const pageURL = app.pb.buildURL('/_/extensions/queue/page.js');
app.routes.superuserOnly('#/queue', async (/** @type {Route} */ route) => (await import(pageURL)).queuePage(route));

// PocketBase's own backups, on the page "Backups" of the settings, contain less than an operator expects.
document.addEventListener('mount:pageBackupsSettings', (event) => {
	const note =
		'These backups contain the global database only: no user databases, meetings or recordings. ' +
		'Run "fathom-to-loom backup create", or set BACKUP_DIR or BACKUP_S3_BUCKET, to back up everything.';
	const page = /** @type {CustomEvent<HTMLElement>} */ (event).detail;
	page.querySelector('.wrapper')?.prepend(t.div({ className: 'alert warning m-b-sm' }, note));
});

app.store.headerLinks.splice(2, 0, { href: '#/queue', icon: 'ri-stack-line', label: 'Queue' }); // before the settings
