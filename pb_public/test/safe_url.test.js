import assert from 'node:assert/strict';
import { test } from 'node:test';
import { safeURL, textLinkSchemes } from '../src/lib/safe_url.js';

test('links to the web are kept', () => {
	assert.equal(safeURL('https://www.loom.com/share/1?a=b#c'), 'https://www.loom.com/share/1?a=b#c');
	assert.equal(safeURL('http://127.0.0.1:8090/x'), 'http://127.0.0.1:8090/x');
	assert.equal(safeURL('HTTPS://EXAMPLE.COM'), 'https://example.com/');
});

test('every other scheme is rejected', () => {
	for (const url of [
		'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', '\u0001javascript:alert(1)',
		'data:text/html,<script>alert(1)</script>', 'vbscript:x', 'file:///etc/passwd', 'blob:https://example.com/1', 'ftp://example.com', 'mailto:a@b.c',
	]) assert.equal(safeURL(url), '', url);
});

test('relative and malformed links are rejected', () => {
	for (const url of [undefined, null, '', '/path', '//example.com', 'example.com', 'http://', 'https://exa mple.com']) assert.equal(safeURL(url), '', String(url));
});

test('links in a text may also be e-mail addresses', () => {
	assert.equal(safeURL('mailto:a@b.c', textLinkSchemes), 'mailto:a@b.c');
	assert.equal(safeURL('javascript:alert(1)', textLinkSchemes), '');
});
