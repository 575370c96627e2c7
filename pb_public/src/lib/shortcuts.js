// The keys that work on every page or in the library.

/** @type {{keys: string[], does: string}[]} */
export const shortcuts = [
	{ keys: ['j', 'k'], does: 'Next or previous meeting' },
	{ keys: ['↓', '↑'], does: 'The same, from a meeting' },
	{ keys: ['x'], does: 'Select the meeting' },
	{ keys: ['Enter'], does: 'Open the meeting' },
	{ keys: ['/'], does: 'Filter by title' },
	{ keys: ['Ctrl K', '⌘ K'], does: 'Go to a page or a meeting' },
	{ keys: ['?'], does: 'Show these keys' },
];

/** Whether a key was pressed where text is entered or a choice is made. @param {Event} event */
export function isTyping({ target }) {
	const element = /** @type {HTMLElement | null} */ (target);
	if (element?.closest?.('dialog, textarea, select, [contenteditable]')) return true;
	return element instanceof HTMLInputElement && element.type !== 'checkbox';
}
