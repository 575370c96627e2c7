// The words of the page "To upload".
import { bytesText, countText } from './format.js';

/** @typedef {{size: number, duration: number}} File */

/** What Loom's Starter plan holds, according to its public pages. */
const starter = { videos: 25, minutes: 5 };

/** @param {readonly File[]} files */
export const totalSize = (files) => files.reduce((sum, { size }) => sum + size, 0);

/** "12 files (3.4 GB)". @param {readonly File[]} files */
const filesText = (files) => `${countText(files.length, 'file')} (${bytesText(totalSize(files))})`;

/**
 * What the button that gets the files says.
 * @param {readonly File[]} files those to get
 * @param {{isRest: boolean, isAgain: boolean, intoFolder: boolean}} which isRest: other files are here already; isAgain: these are
 */
export function getLabel(files, { isRest, isAgain, intoFolder }) {
	const verb = intoFolder ? 'Save' : 'Download';
	const target = intoFolder ? ' to a folder' : '';
	if (isAgain) return `${verb} ${filesText(files)}${target} again`;
	return `${verb} ${isRest ? 'the other ' : ''}${filesText(files)}${isRest ? '' : target}`;
}

/**
 * How many files the browser has. Of downloads that it does itself, only the start is known.
 * @param {number} done
 * @param {number} all
 * @param {boolean} intoFolder
 */
export function gotText(done, all, intoFolder) {
	if (!done) return intoFolder ? 'None saved yet.' : 'None downloaded yet.';
	const count = done === all && all > 1 ? `All ${countText(all, 'file')}` : `${done} of ${countText(all, 'file')}`;
	if (intoFolder) return `${count} saved.`;
	return `${done} of ${countText(all, 'download')} started. Your browser shows when ${all === 1 ? 'it has' : 'they have'} finished.`;
}

/** What has become of the pasted links. @param {number} delivered @param {number} open */
export function linksText(delivered, open) {
	return [delivered > 0 && `${delivered} delivered`, open > 0 && `${open} to look at`].filter(Boolean).join(', ') || 'No links yet';
}

/** What Loom's Starter plan doesn't accept. @param {readonly File[]} files */
export function limitsText(files) {
	const long = files.filter(({ duration }) => duration > starter.minutes * 60).length;
	const which = !long ? '' : long === files.length ? (long === 1 ? ' This one is longer.' : ' All of these are longer.') : ` ${long} of these ${long === 1 ? 'is' : 'are'} longer.`;
	return `Loom’s Starter plan holds ${starter.videos} videos of up to ${starter.minutes} minutes each.${which}`;
}
