// A superuser who has signed in to the admin UI of the global database is signed in here as well.
const server = '__pb_superusers__/_';
if (!app.pb.authStore.isValid) {
	const { token, record } = JSON.parse(localStorage.getItem(server) ?? '{}');
	if (token && record) app.pb.authStore.save(token, record);
}
