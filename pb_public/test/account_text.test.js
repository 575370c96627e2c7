import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeProblem, isAddress, isStepExpired, lifetimeText, linkProblem } from '../src/lib/account_text.js';
import { contactLink } from '../src/lib/contact.js';

/** @param {number} status @param {string} message @param {Record<string, {message: string}>} data */
const refusal = (status, message = '', data = {}) => ({ status, response: { message, data } });

test('lifetimes are whole minutes', () => {
	assert.equal(lifetimeText(600), '10 minutes');
	assert.equal(lifetimeText(60), 'a minute');
	assert.equal(lifetimeText(5), 'a minute');
});

test('a code that is refused has a reason', () => {
	assert.equal(codeProblem(null), '');
	assert.equal(codeProblem(refusal(400, 'Invalid or expired OTP')), 'The code is wrong or has expired.');
	const expired = refusal(400, 'Sign in with your password first, then enter the code.');
	assert.ok(isStepExpired(expired));
	assert.match(codeProblem(expired), /sign in again/);
	assert.equal(codeProblem(refusal(429, 'Too many failed sign-ins. Wait a moment and try again.')), 'Too many failed sign-ins. Wait a moment and try again.');
});

test('only a refused token makes a link useless', () => {
	assert.equal(linkProblem(null), '');
	assert.match(linkProblem(refusal(400, '', { token: { message: 'Invalid or expired token.' } })), /expired/);
	assert.match(linkProblem(refusal(400, 'Invalid or expired token.')), /expired/);
	assert.equal(linkProblem(refusal(400, '', { password: { message: 'Wrong.' } })), '');
	assert.equal(linkProblem(refusal(429)), '');
	assert.equal(linkProblem({ status: 0 }), '');
});

test('the operator is reached as they have written', () => {
	assert.deepEqual(contactLink(' help@example.com '), { text: 'help@example.com', href: 'mailto:help@example.com' });
	assert.deepEqual(contactLink('https://example.com/help/'), { text: 'example.com/help', href: 'https://example.com/help/' });
	for (const text of ['Ada, room 12', 'javascript:alert(1)', 'call +1 555 0100', '', 'a@b c']) assert.deepEqual(contactLink(text), { text, href: '' });
});

test('only addresses of a link are shown', () => {
	assert.ok(isAddress('Ada.Lovelace+f2l@example.com'));
	for (const text of ['', 'ada', 'call 555 0100 @ example.com', `${'a'.repeat(250)}@example.com`, 'a@b@c']) assert.equal(isAddress(text), false, text);
});
