import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOurReturn, redirectAddress } from '../src/lib/oauth_redirect.js';

const started = { provider: 'google', state: 'page-1', codeVerifier: 'v', redirectURL: 'https://example.com/f2l/api/oauth2-redirect', at: 1_000_000 };

test('the address of a provider has our state and redirect', () => {
	const url = new URL(redirectAddress('https://id.example.com/auth?client_id=a&state=popup&code_challenge=c&redirect_uri=', started.redirectURL, started.state));
	assert.equal(url.searchParams.get('redirect_uri'), started.redirectURL);
	assert.deepEqual(url.searchParams.getAll('state'), ['page-1']);
	assert.equal(url.searchParams.get('code_challenge'), 'c');
});

test('a return is only believed in the tab that has started the sign-in', () => {
	assert.equal(isOurReturn(started, 'page-1', 1_060_000), true);
	assert.equal(isOurReturn(started, 'page-2', 1_060_000), false);
	assert.equal(isOurReturn(null, '', 0), false);
	assert.equal(isOurReturn(null, 'page-1', 0), false);
	assert.equal(isOurReturn({ ...started, state: '' }, '', 1_060_000), false);
	assert.equal(isOurReturn(started, 'page-1', 1_000_000 + 16 * 60_000), false);
});
