/**
 * Makes the browser download a file.
 * @param {string} url
 * @param {string} [name] the name to save it under; a blank name leaves the choice to the server
 */
export function saveFile(url, name = '') {
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
}
