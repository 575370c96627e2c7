// The wording of parts of a meeting that are not stored.

/**
 * @param {import('../data/types.js').PartState | undefined} state undefined if Fathom hasn't been asked
 * @param {string} part such as "summary"
 */
export function missingPartText(state, part) {
	switch (state) {
		case 'waiting': return 'Not ready at Fathom yet. It is requested again automatically.';
		case 'none': return `Fathom has no ${part} for this meeting.`;
		default: return `The ${part} has not been copied yet. It is requested after the next sync.`;
	}
}
