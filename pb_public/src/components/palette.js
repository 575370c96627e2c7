import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { dayText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { titleText } from '../lib/meeting_title.js';
import { commandsFor } from '../lib/palette_commands.js';
import { meetingHref, navigate } from '../lib/router.js';
import { Sheet } from './sheet.js';

/** @typedef {import('../lib/palette_commands.js').Command} Command */
/** @typedef {import('../data/types.js').LibraryItem} LibraryItem */

const typingPause = 150; // milliseconds
const maxMeetings = 8;

/**
 * Goes to pages and meetings, and starts what is often needed.
 * @param {{workspace: import('../data/workspace.js').Workspace, onClose: () => void, onShortcuts: () => void}} props
 */
export function Palette({ workspace, onClose, onShortcuts }) {
	const [text, setText] = useState('');
	const [meetings, setMeetings] = useState(/** @type {Command[]} */ ([]));
	const [chosen, setChosen] = useState(0);
	useEffect(() => {
		const title = text.trim();
		if (!title) {
			setMeetings([]);
			return undefined;
		}
		let isCurrent = true;
		const timer = setTimeout(async () => {
			try {
				/** @type {{items: LibraryItem[]}} */
				const { items } = await workspace.db.send('/api/library', { method: 'GET', query: { title, limit: maxMeetings, counts: false } });
				if (isCurrent) setMeetings(items.map(({ id, title: name, recorded_at: at }) => ({ name: titleText(name), hint: dayText(at), address: meetingHref(id) })));
			} catch {
				if (isCurrent) setMeetings([]); // the pages can still be chosen
			}
		}, typingPause);
		return () => {
			isCurrent = false;
			clearTimeout(timer);
		};
	}, [text]);
	const commands = [...commandsFor(workspace, text, onShortcuts), ...meetings];
	const current = Math.min(chosen, commands.length - 1);
	useEffect(() => document.getElementById(`command-${current}`)?.scrollIntoView({ block: 'nearest' }), [current, meetings]);
	/** @param {Command | undefined} command */
	const run = (command) => {
		if (!command) return;
		onClose();
		if (command.address) navigate(command.address);
		command.run?.();
	};
	/** @param {KeyboardEvent} event */
	const onKey = (event) => {
		if (event.isComposing) return; // Enter and the arrows are for the input method
		/** @type {Record<string, number>} */
		const steps = { ArrowDown: 1, ArrowUp: -1 };
		if (event.key === 'Enter') run(commands[current]);
		else if (steps[event.key] && commands.length) setChosen((current + steps[event.key] + commands.length) % commands.length);
		else return;
		event.preventDefault();
	};
	return html`
		<${Sheet} label="Go to" onClose=${onClose}>
			<input type="text" role="combobox" autofocus placeholder="Go to a page or a meeting" aria-label="Go to a page or a meeting" autocomplete="off" maxlength="200"
				aria-expanded="true" aria-controls="palette-list" aria-activedescendant=${commands.length ? `command-${current}` : undefined} value=${text} onKeyDown=${onKey}
				onInput=${(/** @type {any} */ event) => {
		setText(event.currentTarget.value);
		setChosen(0);
	}} />
			<ul id="palette-list" class="palette" role="listbox" aria-label="Pages and meetings">
				${commands.map((command, n) => html`
					<li key=${command.address ?? command.name} id=${`command-${n}`} role="option" aria-selected=${n === current ? 'true' : 'false'} onClick=${() => run(command)}>
						<span dir="auto">${command.name}</span>${command.hint && html`<span class="muted">${command.hint}</span>`}
					</li>`)}
			</ul>
			<p class="hidden" role="status">${commands.length ? '' : 'Nothing found'}</p>
			${!commands.length && html`<p class="muted">Nothing found.</p>`}
		</${Sheet}>`;
}
