import { useState } from '../../vendor/preact-hooks.js';
import { entriesOf } from '../lib/rule_text.js';
import { html } from '../lib/html.js';
import { Field } from './field.js';

/**
 * A list of texts, separated by commas, which is saved when the field is left. What couldn't be saved stays in the field.
 * @param {{id: string, label: string, entries: string[], hint?: string, error?: string, placeholder?: string, disabled?: boolean,
 *   onSave: (entries: string[]) => Promise<boolean>}} props
 */
export function EntriesField({ entries, onSave, ...field }) {
	const [draft, setDraft] = useState(/** @type {string | null} */ (null)); // null: nothing was entered
	const leave = async () => {
		if (draft === null) return;
		const saved = await onSave(entriesOf(draft));
		if (saved) setDraft((current) => (current === draft ? null : current));
	};
	return html`
		<${Field} ...${field} value=${draft ?? entries.join(', ')} autocomplete="off" spellcheck=${false}
			onInput=${(/** @type {any} */ event) => setDraft(event.currentTarget.value)} onChange=${leave} />`;
}
