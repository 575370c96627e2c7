// Links to recordings at Fathom and Loom, as addresses that this app can use.
import { safeURL } from './safe_url.js';
import { timestampSeconds } from './format.js';

const maxMoment = 1000 * 3600; // seconds

/**
 * The moment to which a link to a meeting's own page at Fathom leads, in seconds; undefined for any other link. Links in
 * summaries are such as https://fathom.video/calls/1?timestamp=64.5 or, in older ones, #t=64.
 * @param {string} link
 */
export function fathomMoment(link) {
	const address = safeURL(link);
	if (!address) return undefined;
	const url = new URL(address);
	if (!/(^|\.)fathom\.video$/.test(url.hostname)) return undefined;
	const text = url.searchParams.get('timestamp') ?? url.hash.match(/^#t=(.*)/)?.[1] ?? '';
	const seconds = timestampSeconds(text) ?? (/^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN);
	return seconds < maxMoment ? seconds : undefined;
}

/**
 * The address of Loom's player for a video; blank if the link isn't one to a video at that Loom.
 * @param {string | undefined} shareURL
 * @param {string} loomURL any address at Loom
 */
export function loomEmbedURL(shareURL, loomURL) {
	const address = safeURL(shareURL);
	if (!address) return '';
	const url = new URL(address);
	const loom = new URL(loomURL);
	const isThere = url.origin === loom.origin || (url.protocol === 'https:' && `www.${url.host}` === loom.host);
	const id = url.pathname.match(/^\/(?:share|embed)\/(?:[^/]*-)?([0-9a-f]{32})$/)?.[1];
	return isThere && id ? `${loom.origin}/embed/${id}` : '';
}
