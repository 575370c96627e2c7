// Settings of the server that the app needs.
import { signal } from '../../vendor/signals.js';
import { pb } from './clients.js';

/**
 * @typedef {object} ServerInfo
 * @property {string} loomUploadURL the page where users upload videos to Loom
 * @property {'auto'|'handover'|'atlassian'} loomUploader what uploads videos: Atlassian for users with a connection, always
 *   the user, or always Atlassian
 * @property {'open'|'invite'|'verified'|'closed'} signUp who may create an account
 * @property {boolean} mail whether the server has a mail server
 * @property {string} operator whom people ask for help: an address, a URL or a text; may be blank
 * @property {string} version blank until it is known
 * @property {number} deleteGrace seconds during which the operator can restore a deleted account; 0 if unknown
 */

/** Until loadServerInfo() succeeds, it points at the public Loom and lets everybody sign up; the server decides. */
export const serverInfo = signal(/** @type {ServerInfo} */ ({
	loomUploadURL: 'https://www.loom.com/looms/videos', loomUploader: 'auto', signUp: 'open', mail: true, operator: '', version: '', deleteGrace: 0,
}));

/** @type {Promise<void> | null} */
let request = null;

/** Loads the settings once. A failed request is repeated by the next call. */
export function loadServerInfo() {
	request ??= pb.send('/api/app', {}).then((info) => {
		serverInfo.value = {
			loomUploadURL: info.loom_upload_url, loomUploader: info.loom_uploader, signUp: info.sign_up, mail: info.mail,
			operator: info.operator ?? '', version: info.version, deleteGrace: info.delete_grace,
		};
	}).catch(() => {
		request = null; // the defaults stay
	});
	return request;
}
