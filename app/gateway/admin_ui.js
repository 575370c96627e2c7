// A superuser who has signed in to the admin UI of the global database is signed in here as well. That one is at the path
// /_/ below the address of the server, as this one is below that of a database.
const server = `__pb_superusers__${location.pathname.replace(/(\/db\/[^/]+)?\/_\/?$/, '/_')}`;
if (!app.pb.authStore.isValid) {
	const { token, record } = JSON.parse(localStorage.getItem(server) ?? '{}');
	if (token && record) app.pb.authStore.save(token, record);
}
