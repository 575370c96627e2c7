// The connection to Loom through Atlassian: what it can do, and how it is described.

/** @typedef {import('../data/types.js').Connection} Connection */

/** The ways to connect, by the method in a connection's settings. */
export const methods = /** @type {const} */ ({
	token: 'API token',
	service_account: 'Service-account key',
	oauth: 'Sign in at Atlassian',
});

/** @typedef {keyof typeof methods} Method */

/** Reports whether the server uploads recordings through a connection. @param {Connection | undefined} connection */
export const canUpload = (connection) => connection?.status !== 'invalid' && Boolean(connection?.abilities?.includes('upload'));

/** Reports whether the server finds the user's own uploads through a connection. @param {Connection | undefined} connection */
export const canRead = (connection) => connection?.status !== 'invalid' && Boolean(connection?.abilities?.includes('read'));

/** Reports whether that is all that a connection can do. @param {Connection | undefined} connection */
export const canOnlyRead = (connection) => canRead(connection) && !canUpload(connection);

/** What a connection can do. @param {Connection} connection */
export function abilityText(connection) {
	if (canUpload(connection)) return 'Upload and read videos';
	return canOnlyRead(connection) ? 'Read videos' : 'Nothing yet';
}

/** With what a connection signs in. @param {Connection} connection */
export function accountText({ settings, last_four: lastFour }) {
	const key = lastFour ? ` •••• ${lastFour}` : '';
	switch (settings?.method) {
		case 'token': return `API token${key} of ${settings.email}`;
		case 'service_account': return `Service-account key${key}`;
		default: return 'Your sign-in at Atlassian';
	}
}

/** Identifies a connection and its site, whose folders can be read; blank if they can't. @param {Connection | undefined} connection */
export const folderSource = (connection) => (canUpload(connection) ? `${connection?.id} ${connection?.details?.site?.id ?? ''}` : '');

/**
 * What stands in the way of a sign-in at Atlassian that returns to this page's address. Atlassian itself accepts only
 * addresses on the user's own machine.
 * @param {{protocol: string, hostname: string, origin: string}} page
 * @returns {{isLocal: boolean, isPossible: boolean, text: string}}
 */
export function signInObstacle(page) {
	const { protocol, hostname } = page;
	if (isLocal(hostname)) return { isLocal: true, isPossible: true, text: '' };
	if (protocol !== 'https:') {
		return { isLocal: false, isPossible: false, text: 'Atlassian returns only to addresses that begin with https, or to localhost. Use an API token.' };
	}
	return {
		isLocal: false, isPossible: true,
		text: `An Atlassian organization admin must first ${listing(page)}. Atlassian may refuse it even then. An API token needs neither.`,
	};
}

/** @param {string} hostname */
const isLocal = (hostname) => ['localhost', '127.0.0.1'].includes(hostname);

/** How an admin allows this page's address. Those on the user's own machine can't be listed. @param {{hostname: string, origin: string}} page */
const listing = ({ hostname, origin }) => (isLocal(hostname)
	? 'allow this server under Atlassian Administration → Rovo → Rovo MCP server'
	: `list this server as ${origin}/** under Atlassian Administration → Rovo → Rovo MCP server → Domains`);

/** What to do when Atlassian's page has shown a problem instead of returning. @param {{hostname: string, origin: string}} page */
export const unfinishedText = (page) => 'The sign-in at Atlassian was not finished: if its page said “Your admin has blocked this domain” or “invalid_request”, '
	+ `connect with an API token instead, or ask an organization admin to ${listing(page)}.`;

/** Why Atlassian returned without a code. The codes are those of OAuth. @type {Record<string, string>} */
const refusals = {
	access_denied: 'Access was declined at Atlassian, by you or by a rule of your organization.',
	invalid_scope: 'Atlassian refused the permissions that this server asks for. Report it to the operator, or connect with an API token.',
	server_error: 'Atlassian had a problem. Start again later.',
	temporarily_unavailable: 'Atlassian had a problem. Start again later.',
};

/**
 * Why a sign-in can't be completed; blank if it can. What Atlassian wrote is used only if this tab has started the
 * sign-in, because otherwise anybody could have written it.
 * @param {import('../data/atlassian_sign_in.js').Callback} callback
 * @param {{hostname: string, origin: string}} page
 */
export function callbackProblem({ code, state, error, description, isOurs }, page) {
	if (error) {
		const quoted = isOurs && description.trim().slice(0, 300);
		const isDomain = quoted && /\bdomain/i.test(quoted);
		const text = isDomain || error === 'invalid_request'
			? `Atlassian doesn’t accept ${isDomain ? 'the address of this server' : 'this server’s request to sign you in'}: connect with an API token instead, `
				+ `or ask an organization admin to ${listing(page)}.`
			: refusals[error] ?? 'Atlassian refused the sign-in. Connect with an API token, or ask your organization’s admin.';
		return quoted ? `${text} Atlassian says: “${quoted}”` : text;
	}
	return code && state ? '' : 'This address doesn’t come from a sign-in at Atlassian.';
}
