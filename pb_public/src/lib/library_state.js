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

/**
 * The state under which the library counts a meeting, as in app/library/library.go.
 * @param {{status: import('../data/types.js').TransferStatus, deliver?: boolean} | undefined} transfer
 * @returns {LibraryState}
 */
export function libraryState(transfer) {
	switch (transfer?.status) {
		case undefined:
		case 'cancelled': return 'at_fathom';
		case 'queued':
		case 'fetching':
		case 'downloading':
		case 'uploading': return 'copying';
		case 'awaiting_share_url': return 'your_turn';
		case 'delivered': return 'on_loom';
		case 'stored': return transfer.deliver ? 'copying' : 'kept_here';
		default: return 'problem';
	}
}
