// A superuser who has signed in to the admin UI of the global database is signed in here as well. That one is at the path
// /_/ below the address of the server, as this one is below that of a database.
const globalPath = location.pathname.replace(/(\/db\/[^/]+)?\/_\/?$/, '/_');
if (!app.pb.authStore.isValid) {
	const { token, record } = JSON.parse(localStorage.getItem(`__pb_superusers__${globalPath}`) ?? '{}');
	if (token && record) app.pb.authStore.save(token, record);
}

// This admin UI must not be mistaken for that of the global database or of another user: it has another color, and a bar says
// whose database it is.
const name = location.pathname.match(/\/db\/([^/]+)\/_\/?$/)?.[1] ?? ''; // blank if the database has a port of its own
const owner = store({ email: '' });
const ownerText = () => (owner.email ? `Database of ${owner.email}` : `A user’s database${name ? `: ${name}` : ''}`);

document.head.append(
	t.style(
		null,
		`:root { --accentColor: #7a1f5c !important; }
		body { display: flex; flex-direction: column; }
		main.app { flex: 1; min-height: 0; height: auto; }
		.database-bar { display: flex; flex-wrap: wrap; gap: 2px 15px; align-items: center; padding: 6px 12px; font-size: var(--smFontSize);
			color: #fff; background: #4d1039; border-bottom: 3px solid #ffb84d; }
		.database-bar strong { overflow-wrap: anywhere; }
		.database-bar a { color: #fff; margin-left: auto; }`,
	),
);
document.body.prepend(
	t.aside(
		{ className: 'database-bar', ariaLabel: 'Whose database this is' },
		t.strong(null, ownerText),
		t.span(null, () => (owner.email && name ? name : '')),
		t.span(null, 'Its owner sees that you were here.'),
		name ? t.a({ href: `${globalPath}/` }, 'To the server’s admin UI') : '',
	),
);

/** The bar and the title name the owner as soon as a superuser is signed in. @param {string | undefined} superuser id */
async function findOwner(superuser) {
	if (!superuser) {
		owner.email = '';
		return;
	}
	try {
		const { items } = await app.pb.collection('users').getList(1, 1, { fields: 'email', skipTotal: true, requestKey: null });
		owner.email = items[0]?.email ?? '';
	} catch (err) {
		console.warn('failed to find the owner of the database:', err); // the bar shows the name of the database
	}
}
watch(() => app.store.superuser?.id, findOwner);
// PocketBase composes the title of the same parts.
watch(() => [ownerText(), app.store.title, app.store.settings?.meta?.appName].flat().filter(Boolean).join(' - '), (title) => (document.title = title));
