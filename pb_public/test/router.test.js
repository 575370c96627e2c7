import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meetingHref, parseRoute, route, startRouter } from '../src/lib/router.js';

const id = 'abcdefghijklmn1';

test('parseRoute knows every page', () => {
	assert.deepEqual(parseRoute('#/jobs'), { page: 'jobs' });
	assert.deepEqual(parseRoute('#/connections'), { page: 'connections' });
	assert.deepEqual(parseRoute('#/account'), { page: 'account' });
	assert.deepEqual(parseRoute('#/atlassian-callback'), { page: 'atlassian-callback' });
	assert.deepEqual(parseRoute(`#/meetings/${id}`), { page: 'meeting', id });
	assert.deepEqual(parseRoute(meetingHref(id)), { page: 'meeting', id });
});

test('parseRoute falls back to the list of meetings', () => {
	for (const hash of ['', '#', '#/', '#/meetings', '#/unknown', '#/meetings/short', '#/meetings/../../../etc/a', `#/meetings/${id}x`, '#/meetings/ABCDEFGHIJKLMN1']) {
		assert.deepEqual(parseRoute(hash), { page: 'meetings' }, hash);
	}
});

test('startRouter follows the hash', (t) => {
	const target = new EventTarget();
	const location = { hash: '#/jobs' };
	Object.assign(globalThis, { location, addEventListener: target.addEventListener.bind(target) });
	t.after(() => Object.assign(globalThis, { location: undefined, addEventListener: undefined }));
	assert.deepEqual(route.value, { page: 'meetings' }, 'importing the module reads nothing');
	startRouter();
	assert.deepEqual(route.value, { page: 'jobs' });
	location.hash = '#/account';
	target.dispatchEvent(new Event('hashchange'));
	assert.deepEqual(route.value, { page: 'account' });
});
