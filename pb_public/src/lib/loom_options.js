// What people choose for videos at Loom, as form fields and as text.
import { countText } from './format.js';

/** @typedef {import('../data/types.js').LoomOptions} LoomOptions */
/** @typedef {import('../data/types.js').Visibility} Visibility */

/**
 * How videos get to Loom: the server uploads them, the user does, or nobody can because the server requires a connection.
 * @typedef {{by: 'server', visibility: Visibility} | {by: 'user'} | {by: 'nobody'}} Delivery
 */

/** @type {Record<Visibility, string>} */
export const visibilities = { owner: 'Only me', workspace: 'My Loom workspace', public: 'Anyone with the link' };

/** The folder of videos that are in none. */
export const noFolder = 'none';

/** The options that are saved as a preference; undefined if all have their default. @param {LoomOptions} options @returns {LoomOptions | undefined} */
export function preferenceFor({ visibility = 'owner', folder = noFolder }) {
	return visibility === 'owner' && folder === noFolder ? undefined : { visibility, folder };
}

/** The options that a form contains; null if none is chosen. @param {FormData} form @returns {LoomOptions | null} */
export function optionsIn(form) {
	const visibility = String(form.get('visibility') ?? '');
	const folder = String(form.get('folder') ?? '');
	if (!visibility && !folder) return null;
	return { ...(isVisibility(visibility) && { visibility }), ...(folder && { folder }) };
}

/** @param {string} value @returns {value is Visibility} */
const isVisibility = (value) => value in visibilities;

/**
 * What a rule does with videos at Loom, to follow "upload to Loom"; blank if nothing is chosen.
 * @param {LoomOptions | null | undefined} options
 * @param {(id: string) => string} folderName blank if it is unknown
 */
export function optionsText(options, folderName) {
	const { visibility, folder } = options ?? {};
	return [visibility && audiences[visibility], folder && placeText(folder, folderName(folder))].filter(Boolean).map((text) => `, ${text}`).join('');
}

/** What is chosen for copies, to follow "Options"; blank if nothing is. @param {import('../data/types.js').TransferChoice} choice @param {(id: string) => string} folderName blank if it is unknown */
export const choiceText = (choice, folderName) => (choice.byHand ? ', uploaded by you' : optionsText(choice, folderName));

/** @type {Record<Visibility, string>} */
const audiences = { owner: 'only for me', workspace: 'for my Loom workspace', public: 'for anyone with the link' };

/** @param {string} folder @param {string} name */
function placeText(folder, name) {
	if (folder === noFolder) return 'in no folder';
	return name ? `in the folder “${name}”` : 'in a folder';
}

/** Who can watch a video at Loom, as a sentence; blank if that is unknown. @param {''|Visibility} visibility @param {'it'|'them'} [videos] */
export function watchersText(visibility, videos = 'it') {
	switch (visibility) {
		case 'owner': return `Only you can watch ${videos} there.`;
		case 'workspace': return `Everyone in your Loom workspace can watch ${videos} there.`;
		case 'public': return `Anyone with the link can watch ${videos} there.`;
		default: return '';
	}
}

/** How videos get to Loom with what is chosen for them. @param {Delivery} usual @param {import('../data/types.js').TransferChoice} choice @returns {Delivery} */
export function deliveryWith(usual, { byHand, visibility }) {
	if (byHand) return { by: 'user' };
	return usual.by === 'server' && visibility ? { ...usual, visibility } : usual;
}

/** What the button that starts copies says, for one meeting or for a number of them. @param {Delivery} delivery @param {number} [count] */
export function startText({ by }, count) {
	if (count === undefined) return by === 'server' ? 'Upload to Loom' : 'Copy';
	return by === 'server' ? `Upload ${countText(count, 'to Loom', 'to Loom')}` : `Copy ${countText(count, 'meeting')}`;
}

/** Asks whether to copy meetings, and says what happens to them. @param {Delivery} delivery @param {number} count */
export function planText(delivery, count) {
	const meetings = countText(count, 'meeting');
	return `${delivery.by === 'server' ? `Upload ${meetings} to Loom` : `Copy ${meetings}`}? ${plannedText(delivery)}`;
}

/** @param {Delivery} delivery */
function plannedText(delivery) {
	switch (delivery.by) {
		case 'server': return `The videos are copied to your storage here and uploaded to Loom. ${watchersText(delivery.visibility, 'them')}`;
		case 'user': return 'The videos are copied to your storage here. You then upload each of them to Loom.';
		default: return `The videos are copied to your storage here. ${missingText}`;
	}
}

/** What happens to a video after it was copied. @param {Delivery} delivery */
export function nextText(delivery) {
	switch (delivery.by) {
		case 'server': return `The video is then uploaded to Loom. ${watchersText(delivery.visibility)}`;
		case 'user': return 'You then upload the video to Loom.';
		default: return missingText;
	}
}

const missingText = 'This server uploads to Loom only through a connection: connect Loom in Settings first.';
