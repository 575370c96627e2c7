// Doubts about a share link, which the user may overrule.
import { lengthText } from './format.js';

const confirmable = ['validation_link_length', 'validation_link_title', 'validation_link_private', 'validation_link_unreachable'];

/** @typedef {{title: string, file_name?: string, duration: number}} Video */

/**
 * What speaks against a link, if the user may save it nevertheless; otherwise null.
 * @param {any} error of the request that saves the link
 * @returns {{message: string, sides: {name: string, text: string}[]} | null}
 */
export function linkProblem(error) {
	const refusal = error?.response?.data?.share_url;
	if (!confirmable.includes(refusal?.code)) return null;
	const { code, message, expected, found } = refusal;
	if (!found) return { message, sides: [] };
	return {
		message: code === 'validation_link_length' ? 'The video at Loom has another length than this recording.' : 'The video at Loom has another title than this recording.',
		sides: [{ name: 'At Loom', text: describe(found) }, { name: 'This recording', text: describe(expected) }],
	};
}

/** @param {Video} video */
const describe = ({ title, duration }) => [title || 'Untitled', duration > 0 && lengthText(duration)].filter(Boolean).join(' · ');

/**
 * Says how far the link of a delivered transfer has been checked; blank if it agrees.
 * @param {{verified: boolean, unchecked: string, error: string}} transfer
 */
export function linkDoubt({ verified, unchecked, error }) {
	if (verified) return '';
	if (unchecked === 'private') return 'Not checked: Loom shows this video only to some people.';
	if (unchecked === 'unreachable') return 'Not checked: Loom could not be reached. The link is checked again on your later visits, up to 12 times.';
	return error || 'Saved by you although the title or the length differs.';
}
