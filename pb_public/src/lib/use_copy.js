// A button that copies a text.
import { useState } from '../../vendor/preact-hooks.js';
import { useAction } from './use_action.js';

/** `run` copies; `error` is set on plain HTTP, where browsers don't allow it and the user selects the text. @param {string} text */
export function useCopy(text) {
	const [copied, setCopied] = useState(false);
	const { run, error } = useAction(async () => {
		await navigator.clipboard.writeText(text);
		setCopied(true);
	});
	return { run, copied, error };
}
