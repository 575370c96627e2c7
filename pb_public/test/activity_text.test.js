import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activityText, originText } from '../src/lib/activity_text.js';

/** @param {Partial<import('../src/data/types.js').ActivityEvent>} event @returns {import('../src/data/types.js').ActivityEvent} */
const event = (event) => ({
	id: 'e', event: 'sign_in', detail: '', database: '', actor: 'owner', actor_email: '', address: '', user_agent: '', count: 1, first_at: '', last_at: '', ...event,
});

test('an event is a sentence', () => {
	for (const [given, text] of /** @type {[Parameters<typeof event>[0], string][]} */ ([
		[{ detail: 'password' }, 'Signed in with a password.'],
		[{ detail: 'google', count: 3 }, 'Signed in with Google (3 times).'],
		[{ event: 'sign_in_failed', detail: 'password' }, 'A sign-in failed because of a wrong password.'],
		[{ event: 'sign_in_failed', detail: 'otp', count: 40 }, '40 sign-ins failed because of a wrong code.'],
		[{ event: 'connection_replaced', detail: 'fathom' }, 'Connection to Fathom replaced.'],
		[{ event: 'token_created', detail: 'nightly copy' }, 'API token “nightly copy” created.'],
		[{ event: 'assistant_connected', detail: 'Claude (claude.ai)' }, 'Access given to the assistant Claude (claude.ai).'],
		[{ event: 'assistant_disconnected', detail: 'Claude (claude.ai)' }, 'Access of the assistant Claude (claude.ai) revoked.'],
		[{ event: 'tokens_revoked', detail: '3', actor: 'operator' }, '3 API tokens were revoked by the operator of this server.'],
		[{ event: 'share_revoked', detail: '1001', actor: 'server' }, 'Link to recording 1001 revoked by this server.'],
		[{ event: 'database_opened', actor: 'superuser', actor_email: 'eve@example.com', count: 2 }, 'Your data was opened by the administrator eve@example.com (2 times).'],
		[{ event: 'database_exported', actor: 'operator' }, 'Your data was exported by the operator of this server.'],
		[{ event: 'database_archived', actor: 'server' }, 'Your data was archived by this server.'],
		[{ event: 'database_restored', detail: 'backup', actor: 'operator' }, 'Your data was restored from a backup by the operator of this server.'],
		[{ event: 'some_later_event' }, 'some later event.'],
	])) assert.equal(activityText(event(given)), text);
});

test('the origin names the browser', () => {
	const linux = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
	for (const [address, agent, text] of [
		['192.0.2.1', linux, '192.0.2.1, Chrome on Linux'],
		['192.0.2.1', linux.replace('Chrome', 'HeadlessChrome'), '192.0.2.1, Chrome on Linux'],
		['192.0.2.1', `${linux} Edg/140.0.0.0`, '192.0.2.1, Edge on Linux'],
		['2001:db8::1', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1', '2001:db8::1, Safari on iOS'],
		['192.0.2.1', 'Go-http-client/1.1', '192.0.2.1'],
		['', '', ''],
	]) assert.equal(originText(event({ address, user_agent: agent })), text);
});
