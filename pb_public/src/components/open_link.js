import { useState } from '../../vendor/preact-hooks.js';
import { canCheckAgain, isAssignable } from '../data/pasted_links.js';
import { firstMessage } from '../lib/errors.js';
import { clockText, dayText, lengthText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { titleText } from '../lib/meeting_title.js';
import { safeURL } from '../lib/safe_url.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { ExternalLink } from './external_link.js';
import { Notice } from './notice.js';

/** @typedef {import('../data/upload_desk.js').UploadDesk} UploadDesk */
/** @typedef {import('../data/pasted_links.js').OpenLink} Link */
/** @typedef {{transfer: string, title: string, recordedAt: string, duration: number, agrees?: string[]}} Choice a meeting that waits */

/** A pasted link that the user has to decide about. @param {{desk: UploadDesk, link: Link}} props */
export function OpenLink({ desk, link }) {
	const { links } = desk;
	const waiting = desk.waiting.value;
	const { run: assign, busy, error } = useAction((/** @type {string} */ transfer) => links.assign(link.url, transfer), 'Link saved. The video is on Loom.');
	const again = useAction(() => links.find(link.url));
	const candidates = link.candidates.filter(({ transfer }) => waiting.some(({ id }) => id === transfer));
	const others = waiting.filter(({ id }) => !candidates.some(({ transfer }) => transfer === id));
	return html`
		<li class="open-link">
			<${LinkText} url=${link.url} />
			${link.found
				? html`
					<div class="pair">
						<div>
							<p class="hint">At Loom</p>
							<p dir="auto">${facts(link.found.title || 'Untitled', link.found.duration)}</p>
						</div>
						<div>
							<p class="hint">Here</p>
							<ul>${candidates.map(({ transfer, title, recorded_at: recordedAt, duration, agrees }) => html`
								<${Candidate} key=${transfer} choice=${{ transfer, title, recordedAt, duration, agrees }} busy=${busy} onChoose=${() => assign(transfer)} />`)}</ul>
						</div>
					</div>`
				: html`<p>${link.message}</p>`}
			${isAssignable(link) && others.length > 0 && html`<${Others} id=${link.url.slice(-32)} items=${others} isFirst=${!candidates.length} label=${canCheckAgain(link) ? 'Save without a check' : 'It’s this one'}
				busy=${busy} onChoose=${assign} />`}
			${(error || again.error) && html`<${Notice}>${firstMessage(error || again.error)}</${Notice}>`}
			<div class="actions">
				${canCheckAgain(link) && html`<${Button} kind="quiet small" busy=${again.busy} onClick=${again.run}>${again.busy ? 'Asking Loom…' : 'Check again'}</${Button}>`}
				<${Button} kind="quiet small" onClick=${() => links.dismiss(link.url)}>Remove this link</${Button}>
			</div>
		</li>`;
}

/** @param {{choice: Choice, busy: boolean, onChoose: () => void}} props */
function Candidate({ choice, busy, onChoose }) {
	const { title, recordedAt, duration, agrees } = choice;
	const day = `${dayText(recordedAt)}, ${clockText(recordedAt)}`;
	return html`
		<li>
			<div>
				<p dir="auto">${facts(titleText(title), duration)}</p>
				<p class="hint">${[day, agreement(agrees ?? [])].filter(Boolean).join(' · ')}</p>
			</div>
			<${Button} kind="quiet small" busy=${busy} aria-label=${`It’s this one: ${title}, ${day}`} onClick=${onChoose}>It’s this one</${Button}>
		</li>`;
}

/** All other meetings that wait, to choose one of. @param {{id: string, items: import('../data/upload_desk.js').HandOver[], isFirst: boolean, label: string,
 *   busy: boolean, onChoose: (transfer: string) => void}} props */
function Others({ id, items, isFirst, label, busy, onChoose }) {
	const [chosen, setChosen] = useState('');
	const field = `meeting-of-${id}`;
	return html`
		<div class="desk-others">
			<label for=${field}>${isFirst ? 'Its meeting' : 'Another meeting'}</label>
			<div>
				<select id=${field} value=${chosen} onChange=${(/** @type {any} */ event) => setChosen(event.currentTarget.value)}>
					<option value="">Choose a meeting</option>
					${items.map(({ id: transfer, title, recordedAt, duration }) => html`<option key=${transfer} value=${transfer}>${`${facts(title, duration)} · ${dayText(recordedAt)}`}</option>`)}
				</select>
				<${Button} kind="quiet small" busy=${busy} disabled=${!chosen} onClick=${() => onChoose(chosen)}>${label}</${Button}>
			</div>
		</div>`;
}

/** @param {{url: string}} props */
function LinkText({ url }) {
	const address = safeURL(url);
	return html`<p class="url">${address ? html`<${ExternalLink} href=${address}>${url}</${ExternalLink}>` : url}</p>`;
}

/** @param {string} title @param {number} duration */
const facts = (title, duration) => [title, lengthText(duration)].filter(Boolean).join(' · ');

/** What speaks for a candidate. @param {string[]} agrees */
function agreement(agrees) {
	if (agrees.length === 2) return 'title and length agree';
	return agrees.length ? `only the ${agrees[0]} agrees` : '';
}
