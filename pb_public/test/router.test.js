import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formerPath, href, meetingHref, momentHref, navigate, pageKey, parseRoute, route, searchHref, settingsHref, settingsSections, startRouter } from '../src/lib/router.js';

const id = 'abcdefghijklmn1';
const app = 'https://example.com/f2l';
Object.assign(globalThis, { document: { baseURI: `${app}/` } });

/** @param {string} address */
const parse = (address) => parseRoute(address.slice(app.length));

test('parseRoute knows every page', () => {
	for (const page of /** @type {const} */ (['help', 'upload', 'atlassian-callback', 'sign-in', 'forgot-password'])) {
		assert.deepEqual(parseRoute(`/${page}`), { page });
		assert.deepEqual(parseRoute(`/${page}/`), { page });
	}
	assert.deepEqual(parseRoute('/?state=problem'), { page: 'meetings', query: 'state=problem' });
	for (const path of ['', '/', '/meetings', '/?']) assert.deepEqual(parseRoute(path), { page: 'meetings' }, path);
	assert.deepEqual(parseRoute('/settings'), { page: 'settings', section: 'fathom' });
	for (const section of settingsSections) assert.deepEqual(parse(settingsHref(section)), { page: 'settings', section });
	assert.deepEqual(parseRoute('/authorize?client_id=https%3A%2F%2Fa.example/b&x=1'), { page: 'authorize', query: 'client_id=https%3A%2F%2Fa.example/b&x=1' });
	assert.deepEqual(parse(meetingHref(id)), { page: 'meeting', id });
});

test('a meeting may be opened at a moment', () => {
	assert.deepEqual(parse(momentHref(id, 64.9)), { page: 'meeting', id, at: 64 });
	assert.deepEqual(parse(momentHref(id, -1)), { page: 'meeting', id, at: 0 });
	assert.deepEqual(parse(meetingHref(id, 'summary')), { page: 'meeting', id, tab: 'summary' });
	assert.deepEqual(parseRoute(`/meetings/${id}?t=5&tab=actions`), { page: 'meeting', id, at: 5, tab: 'actions' });
	assert.deepEqual(parseRoute(`/meetings/${id}?tab=unknown`), { page: 'meeting', id });
	for (const moment of ['', 'x', '-1', '1.5', '1e3', '99999999', '1#']) {
		assert.deepEqual(parseRoute(`/meetings/${id}?t=${moment}`), { page: 'meeting', id }, moment);
	}
});

test('a search is kept as it was entered', () => {
	for (const query of ['budget', '"next quarter" OR from:ada@example.com', '100% & 1+1=2?', '会議', '#/jobs', 'a/b']) {
		assert.deepEqual(parse(searchHref(query)), { page: 'search', query });
	}
	assert.deepEqual(parseRoute('/search'), { page: 'search', query: '' });
	assert.deepEqual(parseRoute('/search?q=%'), { page: 'search', query: '%' });
});

test('another search is shown on the same page, and another meeting is not', () => {
	assert.equal(pageKey({ page: 'search', query: 'a' }), pageKey({ page: 'search', query: 'b' }));
	assert.equal(pageKey({ page: 'meeting', id }), pageKey({ page: 'meeting', id, at: 5 }));
	assert.notEqual(pageKey({ page: 'meeting', id }), pageKey({ page: 'meeting', id: 'abcdefghijklmn2' }));
	assert.notEqual(pageKey({ page: 'activity', query: '' }), pageKey({ page: 'help' }));
});

test('other addresses are no pages', () => {
	for (const path of ['/unknown', '/authorize/x?y', '/meetings/short', '/meetings/../../etc/a', `/meetings/${id}x`, '/meetings/ABCDEFGHIJKLMN1', `/meetings/${id}/x`, '/settings/unknown', '/activity/x']) {
		assert.deepEqual(parseRoute(path), { page: 'not-found' }, path);
	}
});

test('links of former versions still work', () => {
	const former = { '#/': '/', '#/jobs': '/activity', '#/connections': '/settings', '#/account': '/settings/notifications', [`#/meetings/${id}?t=5`]: `/meetings/${id}?t=5`, '#/search?q=a%20b': '/search?q=a%20b' };
	for (const [hash, path] of Object.entries(former)) assert.equal(formerPath(hash), path);
	for (const hash of ['', '#', '#content', '#token']) assert.equal(formerPath(hash), undefined, hash);
});

test('the address leads to the page, also below a path, and a click on a link does not load the app again', (t) => {
	const target = new EventTarget();
	/** @type {string[]} */
	const visited = [];
	let pushes = 0;
	/** @type {any} */
	const location = new URL(`${app}/#/jobs`);
	const go = (/** @type {unknown[]} */ ...[, , to]) => {
		const address = String(to);
		location.href = new URL(address, location.href).href;
		visited.push(address);
	};
	Object.assign(globalThis, { location, history: { pushState: (/** @type {unknown[]} */ ...to) => (pushes++, go(...to)), replaceState: go }, scrollTo() {}, addEventListener: target.addEventListener.bind(target) });
	t.after(() => Object.assign(globalThis, { location: undefined, history: undefined, scrollTo: undefined, addEventListener: undefined }));
	assert.deepEqual(route.value, { page: 'meetings' }, 'importing the module reads nothing');
	startRouter();
	assert.deepEqual(route.value, { page: 'activity', query: '' });
	assert.deepEqual(visited, [`${app}/activity`], 'an address of a former version is replaced');
	navigate(href('/help'));
	assert.deepEqual(route.value, { page: 'help' });
	navigate(href('/help'));
	assert.equal(pushes, 1, 'the current address again would make the Back button seem dead');

	/** @param {any} link @param {any} [keys] */
	const click = (link, keys = {}) => {
		const event = new Event('click', { cancelable: true });
		Object.assign(event, { button: 0, ...keys });
		Object.defineProperty(event, 'target', { value: { closest: () => ({ target: '', hasAttribute: () => false, ...link }) } });
		target.dispatchEvent(event);
		return event.defaultPrevented;
	};
	assert.equal(click({ href: settingsHref('storage') }), true);
	assert.deepEqual(route.value, { page: 'settings', section: 'storage' });
	assert.equal(click({ href: settingsHref('loom') }, { ctrlKey: true }), false, 'the browser opens a tab');
	for (const elsewhere of ['https://example.com/', 'https://example.com/f2lx', `${app}/_/`, `${app}/s/abc`, `${app}/api/health`, `${app}/db/a/_/`]) {
		assert.equal(click({ href: elsewhere }), false, elsewhere);
	}
	assert.equal(click({ href: href('/'), target: '_blank' }), false);
	location.href = `${app}/settings/data`;
	target.dispatchEvent(new Event('popstate'));
	assert.deepEqual(route.value, { page: 'settings', section: 'data' });
});
