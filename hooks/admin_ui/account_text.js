// What the page "Users" says about an account.

/**
 * @typedef {object} Account an account as GET /api/operator/users returns it
 * @property {string} name of the database; '' if there is none
 * @property {string} user id; '' if the account was deleted
 * @property {string} email
 * @property {'ready'|'archived'|'deleting'|'provisioning'|'failed'|'none'} status
 * @property {boolean} [missing]
 * @property {string} [error]
 * @property {boolean} open
 * @property {number} size bytes on disk
 * @property {number} [size_s3] bytes in S3
 * @property {string | null} joined
 * @property {string | null} last_used
 * @property {string | null} last_sign_in
 * @property {string} [archived_at]
 * @property {string} [delete_after]
 * @property {string} [purge_started]
 */

/** @typedef {{label: string, style: string, note: string}} StatusText */

/** The statuses by which accounts can be listed. */
export const accountStatuses = {
	ready: 'Active',
	archived: 'Archived',
	deleting: 'Scheduled for deletion',
	failed: 'Failed',
	provisioning: 'Being created',
	none: 'No database yet',
};

const units = ['B', 'kB', 'MB', 'GB', 'TB'];
/** @param {number} bytes */
export function sizeText(bytes) {
	let unit = 0;
	let n = bytes;
	for (; n >= 999.5 && unit < units.length - 1; unit++) n /= 1000;
	return `${unit && n < 9.95 ? n.toFixed(1) : Math.round(n)} ${units[unit]}`;
}

/** @param {string | null | undefined} time @returns {string} such as 2026-01-31 */
export const dayText = (time) => (time ? new Date(time).toLocaleDateString('sv') : '');

/** @param {string | null | undefined} time @returns {string} such as 2026-01-31 17:05:09 */
export const timeText = (time) => (time ? new Date(time.replace(' ', 'T')).toLocaleString('sv') : '');

/** How long ago something was. @param {string | null | undefined} time @param {number} now milliseconds */
export function agoText(time, now) {
	if (!time) return 'never';
	const minutes = Math.max(0, Math.floor((now - Date.parse(time)) / 60_000));
	if (minutes < 1) return 'just now';
	/** @param {number} n @param {string} unit */
	const ago = (n, unit) => `${n} ${unit}${n === 1 ? '' : 's'} ago`;
	if (minutes < 60) return ago(minutes, 'minute');
	if (minutes < 24 * 60) return ago(Math.floor(minutes / 60), 'hour');
	if (minutes < 60 * 24 * 60) return ago(Math.floor(minutes / 60 / 24), 'day');
	return dayText(time);
}

/** @param {Account} account @returns {StatusText} */
export function statusText(account) {
	if (account.missing) return { label: 'Missing', style: 'danger', note: 'Its files don’t exist: restore it from a backup.' };
	const error = account.error ?? '';
	switch (account.status) {
		case 'ready':
			return { label: 'Active', style: error ? 'warning' : 'success', note: error || (account.open ? 'open now' : '') };
		case 'archived':
			return { label: 'Archived', style: error ? 'warning' : '', note: error || `since ${dayText(account.archived_at)}` };
		case 'deleting':
			if (account.purge_started) return { label: 'Being deleted', style: 'danger', note: 'It can’t be restored any more.' };
			return { label: 'Scheduled for deletion', style: 'danger', note: `after ${dayText(account.delete_after)}` };
		case 'failed':
			return { label: 'Failed', style: 'danger', note: error };
		case 'provisioning':
			return { label: 'Being created', style: '', note: '' };
		default:
			return { label: 'No database yet', style: '', note: 'Nobody has signed in.' };
	}
}

/** What may be done with an account’s database. @param {Account} account @returns {'archive'|'restore'|''} */
export function actionOf(account) {
	if (account.status === 'ready' && !account.missing) return 'archive';
	if (account.status === 'archived' && !account.missing) return 'restore';
	return account.status === 'deleting' && !account.purge_started ? 'restore' : '';
}

/** Whether a superuser can open the database. @param {Account} account */
export const canOpen = (account) => account.status === 'ready' && !account.missing;

/** What is used, of how much. @param {Account} account @param {number} quota bytes; 0 means no limit */
export function usageText(account, quota) {
	if (!account.name) return '';
	const used = account.size + (account.size_s3 ?? 0);
	return quota && account.status !== 'archived' ? `${sizeText(used)} of ${sizeText(quota)}` : sizeText(used);
}

/** The question before a database is changed. @param {Account} account @param {'archive'|'restore'} action */
export function questionOf(account, action) {
	const of = `the database of ${account.email}`;
	if (action === 'archive') {
		return {
			title: `Archive ${of}?`,
			text: 'It is compressed and closed until its owner signs in again. Until then, nothing is synced automatically.',
			yes: 'Archive',
		};
	}
	if (account.status === 'deleting') {
		const rest = account.user ? '' : ' The account is restored, too, with its password.';
		return { title: `Restore ${of}?`, text: `It is no longer deleted.${rest}`, yes: 'Restore' };
	}
	return { title: `Restore ${of}?`, text: 'It is unpacked and uses as much disk space as before.', yes: 'Restore' };
}
