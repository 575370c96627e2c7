// What the dialog "Details" of the page "Users" shows about one account.
import { factList } from './dialog.js';
import { agoText, sizeText, statusText, timeText } from './account_text.js';

/** @typedef {import('./users.js').Details} Details */

/** The facts of the dialog; some are blank. @param {Details} d @param {number} now milliseconds @returns {[string, string][]} */
export function rowsOf(d, now) {
	const { label, note } = statusText(d);
	const quota = d.quota ? ` of ${sizeText(d.quota)}` : '';
	return [
		['Status', [label, note].filter(Boolean).join(': ')],
		['Meetings', d.contents ? String(d.contents.meetings) : ''],
		['Stored recordings', d.contents ? String(d.contents.recordings) : ''],
		['On disk', sizeText(d.usage)],
		['In S3', d.usage_s3 ? sizeText(d.usage_s3) : ''],
		['Used', d.status === 'ready' ? sizeText(d.usage + (d.usage_s3 ?? 0)) + quota : ''],
		['Last used', d.last_used ? `${agoText(d.last_used, now)} (${timeText(d.last_used)})` : 'never'],
		['Created', timeText(d.created)],
		['Database', d.name],
		['Folder', d.folder],
		['Schema', d.schema_version],
		['Pending migrations', (d.pending ?? []).join(', ')],
		['Error', d.error ?? ''],
	];
}

/** @param {Details} details @param {number} now milliseconds */
export const detailsOf = (details, now) => factList(rowsOf(details, now));
