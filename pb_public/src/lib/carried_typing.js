// What people type while one page replaces another: the field in which they began may be gone, and the one that continues it isn't
// there yet. It is collected here, so that nothing is lost and no letter acts as a shortcut.

const carriedFor = 5_000; // milliseconds, in case the field never appears

/** @type {{id: string, text: string, timer: ReturnType<typeof setTimeout>} | null} */
let carried = null;

/** Collects what is typed from now on for a field that will appear. @param {string} id of the field @param {string} text that it has already */
export function carryTyping(id, text) {
	stop();
	carried = { id, text, timer: setTimeout(stop, carriedFor) };
	addEventListener('keydown', onKey, { capture: true });
	addEventListener('pointerdown', stop, { capture: true });
	addEventListener('popstate', stop);
}

/** Whether a field that will appear is to get the focus. */
export const isCarrying = () => carried !== null;

/** What was typed for a field, which takes it and the focus; undefined if nothing is carried to it. @param {string} id */
export function takeTyping(id) {
	if (carried?.id !== id) return undefined;
	const { text } = carried;
	stop();
	return text;
}

function stop() {
	clearTimeout(carried?.timer);
	carried = null;
	removeEventListener('keydown', onKey, { capture: true });
	removeEventListener('pointerdown', stop, { capture: true });
	removeEventListener('popstate', stop);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
	if (!carried || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
	if (event.key === 'Tab' || event.key === 'Escape') return stop();
	if (event.key === 'Backspace') carried.text = [...carried.text].slice(0, -1).join('');
	else if ([...event.key].length === 1) carried.text += event.key;
	else return;
	event.preventDefault();
	event.stopPropagation();
}
