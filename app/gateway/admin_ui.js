// Somebody who is signed in to the server's admin UI is signed in to this one.
const server = '__pb_superusers__/_';
if (!app.pb.authStore.isValid) {
	const { token, record } = JSON.parse(localStorage.getItem(server) ?? '{}');
	if (token && record) app.pb.authStore.save(token, record);
}
