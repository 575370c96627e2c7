// The conditions of a rule, as text in a form and as a sentence.

/** @typedef {import('../data/types.js').RuleConditions} RuleConditions */

/** The conditions that are lists, with their labels. */
export const lists = /** @type {const} */ ({
	types: 'Meeting type',
	people: 'Person',
	domains: 'Domain',
	title_words: 'Title contains',
	title_not: 'Title doesn’t contain',
});

/** @typedef {keyof typeof lists} ListName */

const listNames = /** @type {ListName[]} */ (Object.keys(lists));

/** The entries of a text that separates them by commas. @param {string} text */
export const entriesOf = (text) => text.split(',').map((entry) => entry.trim()).filter(Boolean);

/** The conditions that a form contains. @param {FormData} form @returns {RuleConditions} */
export function conditionsIn(form) {
	/** @type {RuleConditions} */
	const conditions = {};
	if (form.get('recorded_by_me')) conditions.recorded_by_me = true;
	for (const name of listNames) {
		const entries = entriesOf(String(form.get(name) ?? ''));
		if (entries.length) conditions[name] = entries;
	}
	const external = String(form.get('external') ?? '');
	if (external === 'only' || external === 'none') conditions.external = external;
	const minutes = Number(form.get('min_minutes'));
	if (minutes > 0) conditions.min_minutes = minutes;
	return conditions;
}

/** Describes the conditions in one line. @param {RuleConditions} conditions */
export function conditionsText(conditions) {
	return [
		conditions.recorded_by_me && 'Recorded by me',
		...listNames.map((name) => conditions[name]?.length && `${lists[name]}: ${conditions[name].join(' or ')}`),
		conditions.external === 'only' && 'With external people',
		conditions.external === 'none' && 'Without external people',
		conditions.min_minutes && `At least ${conditions.min_minutes} minutes`,
	].filter(Boolean).join(' · ');
}
