// What happened to the account, as sentences.

/** @typedef {import('../data/types.js').ActivityEvent} ActivityEvent */

/** @type {Record<string, string>} */
const providers = { google: 'Google', github: 'GitHub', fathom: 'Fathom', loom: 'Loom', smtp: 'your mail server', webhook: 'your webhook' };

/** @param {string} name */
const provider = (name) => providers[name] ?? name;

/** @type {Record<string, string>} */
const methods = { password: 'a password', otp: 'a code sent by e-mail' };

/** The text of each event, without who caused it. @type {Record<string, (detail: string, count: number) => string>} */
const texts = {
	sign_in: (detail) => `Signed in with ${methods[detail] ?? provider(detail)}`,
	sign_in_failed: (detail, count) => `${count > 1 ? `${count} sign-ins` : 'A sign-in'} failed because of a wrong ${detail === 'otp' ? 'code' : 'password'}`,
	password_changed: () => 'Password changed',
	email_changed: () => 'E-mail address changed',
	sessions_ended: () => 'Signed out everywhere',
	two_step_on: () => 'Two-step sign-in turned on',
	two_step_off: () => 'Two-step sign-in turned off',
	oauth2_linked: (detail) => `Sign-in with ${provider(detail)} added`,
	oauth2_unlinked: (detail) => `Sign-in with ${provider(detail)} removed`,
	token_created: (detail) => `API token “${detail}” created`,
	token_revoked: (detail) => `API token “${detail}” revoked`,
	tokens_revoked: (detail) => (detail === '1' ? 'An API token was revoked' : `${detail} API tokens were revoked`),
	share_created: (detail) => `Link to recording ${detail} created`,
	share_changed: (detail) => `Link to recording ${detail} changed`,
	share_revoked: (detail) => `Link to recording ${detail} revoked`,
	assistant_connected: (detail) => `Access given to the assistant ${detail}`,
	assistant_disconnected: (detail) => `Access of the assistant ${detail} revoked`,
	assistant_reused: (detail) => `Access of the assistant ${detail} revoked, because a code or token of it was used twice`,
	connection_added: (detail) => `Connection to ${provider(detail)} added`,
	connection_replaced: (detail) => `Connection to ${provider(detail)} replaced`,
	connection_changed: (detail) => `Connection to ${provider(detail)} changed`,
	connection_removed: (detail) => `Connection to ${provider(detail)} removed`,
	database_opened: () => 'Your data was opened',
	titles_shown: () => 'Titles of your jobs were shown',
	database_exported: () => 'Your data was exported',
	meetings_exported: () => 'Meetings were downloaded',
	database_imported: () => 'Your data was imported',
	database_archived: () => 'Your data was archived',
	database_restored: (detail) => (detail === 'backup' ? 'Your data was restored from a backup' : 'Your data was restored'),
	deletion_scheduled: () => 'Deletion of your data requested',
	deletion_undone: () => 'Deletion of your data cancelled',
	database_deleted: () => 'Your data was deleted',
};

/** @param {ActivityEvent} event */
function causeText({ actor, actor_email: email }) {
	if (actor === 'superuser') return ` by the administrator ${email}`;
	if (actor === 'operator') return ' by the operator of this server';
	return actor === 'server' ? ' by this server' : '';
}

/** What happened, and who caused it unless it was the user. @param {ActivityEvent} event */
export function activityText(event) {
	const text = texts[event.event]?.(event.detail, event.count) ?? event.event.replaceAll('_', ' ');
	const times = event.count > 1 && event.event !== 'sign_in_failed' ? ` (${event.count} times)` : '';
	return `${text}${causeText(event)}${times}.`;
}

/** Browsers name each other, so that the order matters. @type {[RegExp, string][]} */
const browsers = [
	[/\bEdg(e|A|iOS)?\//, 'Edge'], [/\bOPR\//, 'Opera'], [/\b(Firefox|FxiOS)\//, 'Firefox'], [/\b(HeadlessChrome|Chrome|CriOS|Chromium)\//, 'Chrome'], [/\bSafari\//, 'Safari'],
];

/** @type {[RegExp, string][]} */
const systems = [[/\b(iPhone|iPad)\b/, 'iOS'], [/\bAndroid\b/, 'Android'], [/\bWindows\b/, 'Windows'], [/\bMac OS X\b/, 'macOS'], [/\bLinux\b/, 'Linux']];

/** @param {[RegExp, string][]} names @param {string} agent */
const find = (names, agent) => names.find(([pattern]) => pattern.test(agent))?.[1] ?? '';

/** Where an event came from: "192.0.2.1, Firefox on Linux"; blank if nobody knows. @param {ActivityEvent} event */
export function originText({ address, user_agent: agent }) {
	const browser = find(browsers, agent);
	const system = browser && find(systems, agent);
	return [address, browser && system ? `${browser} on ${system}` : browser].filter(Boolean).join(', ');
}
