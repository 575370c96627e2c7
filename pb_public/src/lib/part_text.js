// The wording of parts of a meeting that are not stored.

/** The parts as users know them, in the order of the page. */
export const partNames = /** @type {const} */ ({
	summary: 'summary',
	action_items: 'action items',
	highlights: 'highlights',
	transcript: 'transcript',
});

/**
 * @param {Exclude<import('../data/types.js').PartState, 'ready'> | undefined} state undefined if Fathom hasn't been asked
 * @param {keyof typeof partNames} part
 */
export function missingPartText(state, part) {
	const name = partNames[part];
	switch (state) {
		case 'waiting': return 'Not ready yet. Fathom is asked again automatically.';
		case 'none': return `Fathom has no ${name} for this meeting.`;
		default: return `The ${name} ${name.endsWith('s') ? 'have' : 'has'} not been copied yet. Fathom is asked after the next sync.`;
	}
}
