import { useEffect, useLayoutEffect, useRef, useState } from '../../vendor/preact-hooks.js';
import { announce } from '../lib/announce.js';
import { linksText } from '../lib/desk_text.js';
import { firstMessage } from '../lib/errors.js';
import { countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { titleText } from '../lib/meeting_title.js';
import { meetingHref } from '../lib/router.js';
import { isInField } from '../lib/shortcuts.js';
import { Button } from './button.js';
import { DeskStep } from './desk_step.js';
import { OpenLink } from './open_link.js';

/** @typedef {import('../data/upload_desk.js').UploadDesk} UploadDesk */
/** @typedef {import('../data/pasted_links.js').Candidate} Candidate */

const maxNamed = 5; // of the meetings that have just got their links

/** The third step: the user pastes the links, into the box or anywhere on the page. @param {{desk: UploadDesk, children?: any}} props */
export function DeskLinks({ desk, children }) {
	const { links } = desk;
	const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
	const heading = useRef(/** @type {HTMLElement | null} */ (null));
	const [answer, setAnswer] = useState(/** @type {{text: string, matched: Candidate[], error: any} | null} */ (null));
	/** @param {string} text */
	const find = async (text) => {
		try {
			const matched = await links.find(text);
			if (box.current?.value === text) box.current.value = '';
			if (matched.length) announce(`${countText(matched.length, 'link')} saved.`);
			setAnswer({ text, matched, error: null });
		} catch (error) {
			if (box.current && !box.current.value.trim()) box.current.value = text; // otherwise something was typed meanwhile
			setAnswer({ text, matched: [], error });
		}
	};
	// Several pastes may be under way, and the focus goes to the result of each.
	useLayoutEffect(() => {
		if (answer?.error && box.current?.value === answer.text) box.current.select(); // the next paste replaces it
		else if (answer?.error) box.current?.focus();
		else if (answer) heading.current?.focus();
	}, [answer]);
	useEffect(() => {
		/** @param {ClipboardEvent} event */
		const paste = (event) => {
			const text = event.clipboardData?.getData('text/plain').trim();
			if (!text || isInField(event)) return;
			event.preventDefault();
			find(text);
		};
		document.addEventListener('paste', paste);
		return () => document.removeEventListener('paste', paste);
	}, []);
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		if (box.current) find(box.current.value);
	};
	const isBusy = links.busy.value > 0;
	const error = answer?.error ? firstMessage(answer.error) : '';
	return html`
		<${DeskStep} number=${3} title="Paste the links">
			<form class="desk-form" onSubmit=${submit}>
				<label for="share-links">Loom links (any number, in any order)</label>
				<textarea id="share-links" name="share-links" ref=${box} rows="3" required spellcheck=${false} placeholder="https://www.loom.com/share/…"
					aria-invalid=${error ? 'true' : undefined} aria-describedby=${error ? 'share-links-error' : 'share-links-hint'}
					onPaste=${() => setTimeout(() => box.current?.value && find(box.current.value))} />
				${error && html`<p class="error" id="share-links-error" role="alert">${error}</p>`}
				<p class="hint" id="share-links-hint">You can also paste anywhere on this page. Each link finds its meeting by title and length.</p>
				<${Button} type="submit" kind="quiet" busy=${isBusy}>${isBusy ? 'Asking Loom…' : 'Find their meetings'}</${Button}>
			</form>
			<${Result} desk=${desk} matched=${answer?.matched ?? []} heading=${heading} isShown=${Boolean(answer && !answer.error)} />
			${children}
		</${DeskStep}>`;
}

/** @param {{desk: UploadDesk, matched: Candidate[], heading: any, isShown: boolean}} props */
function Result({ desk, matched, heading, isShown }) {
	const open = desk.links.open.value;
	const delivered = desk.delivered.value.length;
	if (!isShown && !open.length && !delivered) return null;
	return html`
		<div class="desk-result">
			<h3 tabindex="-1" ref=${heading}>${linksText(delivered, open.length)}</h3>
			${matched.length > 0 && html`<p>On Loom now: ${matched.slice(0, maxNamed).map(({ transfer, meeting, title }, index) => html`${index > 0 && ', '}<a key=${transfer} dir="auto" href=${meetingHref(meeting)}>${titleText(title)}</a>`)}${matched.length > maxNamed && ` and ${matched.length - maxNamed} more`}.</p>`}
			${open.length > 0 && html`<ul class="open-links">${open.map((link) => html`<${OpenLink} key=${link.url} desk=${desk} link=${link} />`)}</ul>`}
		</div>`;
}
