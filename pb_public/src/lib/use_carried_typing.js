import { useLayoutEffect } from '../../vendor/preact-hooks.js';
import { takeTyping } from './carried_typing.js';

/**
 * Gives a field that appears the focus and what was typed for it on the page before.
 * @param {{current: HTMLInputElement | null}} field
 * @param {string} id of the field
 * @param {(text: string) => void} onText is called with the text
 */
export function useCarriedTyping(field, id, onText) {
	useLayoutEffect(() => {
		const input = field.current;
		const text = input ? takeTyping(id) : undefined;
		if (!input || text === undefined) return;
		input.value = text;
		input.focus();
		onText(text);
	}, []);
}
