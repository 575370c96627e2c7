// The states by which the library is filtered, and their numbers.

/** @typedef {import('../data/types.js').LibraryState} LibraryState */

/** The chips; a blank state stands for all meetings. @type {{state: '' | LibraryState, label: string}[]} */
export const chips = [
	{ state: '', label: 'All' },
	{ state: 'at_fathom', label: 'At Fathom' },
	{ state: 'copying', label: 'Copying' },
	{ state: 'your_turn', label: 'Your turn' },
	{ state: 'on_loom', label: 'On Loom' },
	{ state: 'kept_here', label: 'Kept here' },
	{ state: 'problem', label: 'Problems' },
];
