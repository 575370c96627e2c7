import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { pb } from '../data/clients.js';
import { firstMessage } from '../lib/errors.js';
import { countText, dayText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { useAction } from '../lib/use_action.js';
import { useCopy } from '../lib/use_copy.js';
import { Badge } from './badge.js';
import { Button } from './button.js';
import { ConfirmButton } from './confirm_button.js';
import { Field } from './field.js';
import { Notice } from './notice.js';
import { SharedLinkForm } from './shared_link_form.js';

/** @typedef {import('../data/types.js').SharedLink} SharedLink */

/**
 * The links under which others see the recording of a meeting. Without a stored recording, there is something to show only if
 * there were links.
 * @param {{recordingID: number, isStored: boolean}} props
 */
export function SharedLinks({ recordingID, isStored }) {
	const [links, setLinks] = useState(/** @type {SharedLink[] | null} */ (null));
	const [adding, setAdding] = useState(false);
	const { run: read, error } = useAction(async () => setLinks((await pb.send('/api/shares', { query: { recording_id: recordingID } })).shares));
	useEffect(() => {
		read();
	}, [recordingID, isStored]);
	/** @param {SharedLink} link */
	const save = (link) => {
		setLinks((list) => {
			const known = list ?? [];
			return known.some(({ id }) => id === link.id) ? known.map((other) => (other.id === link.id ? link : other)) : [link, ...known];
		});
	};
	/** @param {string} id */
	const revoke = async (id) => {
		await pb.send(`/api/shares/${id}`, { method: 'DELETE' });
		setLinks((list) => (list ?? []).filter((link) => link.id !== id));
	};
	if (!isStored && !links?.length) return null;
	return html`
		<section class="card shared-links" aria-labelledby="shared-links-heading">
			<h2 id="shared-links-heading">Share</h2>
			${isStored && html`<p class="muted">Anybody with a link can watch the recording, without an account.</p>`}
			${error && html`<${Notice}>${firstMessage(error)} <${Button} kind="link" onClick=${read}>Try again</${Button}></${Notice}>`}
			${links && links.length > 0 && html`
				<ul class="rules">
					${links.map((link, index) => html`<li key=${link.id}><${Row} link=${link} name=${`link ${links.length - index}`} onChange=${save} onRevoke=${() => revoke(link.id)} /></li>`)}
				</ul>`}
			${adding
				? html`<${SharedLinkForm} recordingIDs=${[recordingID]} onSaved=${(/** @type {SharedLink} */ link) => { save(link); setAdding(false); }} onCancel=${() => setAdding(false)} />`
				: isStored && html`<${Button} kind="quiet" disabled=${!links} onClick=${() => setAdding(true)}>Create link</${Button}>`}
		</section>`;
}

/** What viewers see beside the video. @param {SharedLink} link */
function shownText(link) {
	const parts = [link.title && 'title', link.summary && 'summary', link.transcript && 'transcript'].filter(Boolean);
	return parts.length ? `Video with ${parts.join(', ')}` : 'Video only';
}

/** @param {{link: SharedLink, name: string, onChange: (link: SharedLink) => void, onRevoke: () => Promise<void>}} props */
function Row({ link, name, onChange, onRevoke }) {
	const [editing, setEditing] = useState(false);
	const hasExpired = Date.parse(link.expires) <= Date.now();
	const isOver = hasExpired || Boolean(link.ended);
	if (editing) {
		return html`
			<${SharedLinkForm} link=${link} onCancel=${() => setEditing(false)}
				onSaved=${(/** @type {SharedLink} */ changed) => { onChange(changed); setEditing(false); }} />`;
	}
	return html`
		<div class="shared-link">
			${!isOver && link.url && html`<${Address} url=${link.url} id=${link.id} name=${name} />`}
			<p class="muted">
				${link.ended && html`<${Badge} tone="plain">Recording deleted</${Badge}> `}${link.password && html`<${Badge} tone="plain">Password</${Badge}> `}
				${shownText(link)} · ${hasExpired ? 'expired' : 'expires'} ${dayText(link.expires)} · ${countText(link.views, 'view')}
			</p>
			<div class="actions">
				${!isOver && html`<${Button} kind="quiet" aria-label=${`Change: ${name}`} onClick=${() => setEditing(true)}>Change</${Button}>`}
				<${ConfirmButton} label=${isOver ? 'Remove' : 'Revoke'} subject=${name} action=${onRevoke}
					question=${isOver ? 'Remove this link from the list?' : 'Nobody can open this link any more. A video that is playing stops at its next part.'} />
			</div>
		</div>`;
}

/** @param {{url: string, id: string, name: string}} props */
function Address({ url, id, name }) {
	const { run, copied, error } = useCopy(url);
	return html`
		<${Field} id=${`link-${id}`} label=${`Address of ${name}`} readonly value=${url} spellcheck=${false} autocomplete="off"
			onFocus=${(/** @type {any} */ event) => event.currentTarget.select()} />
		<div class="actions">
			<${Button} kind="quiet" aria-label=${`Copy ${name}`} onClick=${run}>${copied ? 'Copied' : 'Copy link'}</${Button}>
			<a class="button quiet" href=${url} target="_blank" rel="noopener" aria-label=${`Open ${name}`}>Open</a>
		</div>
		${error && html`<${Notice}>Your browser doesn’t allow copying here. Select the address and copy it.</${Notice}>`}`;
}
