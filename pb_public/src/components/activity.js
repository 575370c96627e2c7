import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { pb } from '../data/clients.js';
import { activityText, originText } from '../lib/activity_text.js';
import { firstMessage } from '../lib/errors.js';
import { relativeText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { nowFor } from '../lib/tick.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Notice } from './notice.js';
import { Spinner } from './spinner.js';

/** @typedef {import('../data/types.js').ActivityEvent} ActivityEvent */

const pageSize = 20;

/**
 * What happened to the account, the newest first: sign-ins, changed keys, and others who opened its data. With `events`, only these.
 * @param {{id: string, title: string, events?: string[], onReady?: () => void}} props onReady is called when it has its height
 */
export function Activity({ id, title, events: kinds = [], onReady }) {
	const [events, setEvents] = useState(/** @type {ActivityEvent[] | null} */ (null));
	const [hasMore, setHasMore] = useState(false);
	const { run, busy, error } = useAction(async () => {
		const size = (events?.length ?? 0) + pageSize; // from the first one again: events may have been added since
		const page = await pb.collection('audit_events').getList(1, size + 1, {
			sort: '-last_at,-@rowid', skipTotal: true, filter: kinds.map((kind) => `event = '${kind}'`).join(' || '),
		});
		setEvents(/** @type {any[]} */ (page.items).slice(0, size));
		setHasMore(page.items.length > size);
	});
	useEffect(() => {
		run().then(onReady);
	}, []);
	return html`
		<section class="card" aria-labelledby=${`${id}-heading`}>
			<h2 id=${`${id}-heading`}>${title}</h2>
			<p class="muted">${kinds.length
		? 'If you don’t recognize a sign-in, change your password.'
		: 'If you don’t recognize something, change your password and your Fathom API key.'}</p>
			${!events && !error && html`<${Spinner} label="Loading activity" />`}
			${events && html`
				<ul class="notices">
					${events.map((event) => html`<li key=${event.id}><${Line} event=${event} /></li>`)}
				</ul>`}
			${events?.length === 0 && html`<p>Nothing is recorded yet.</p>`}
			${error && html`<${Notice}>${firstMessage(error)} <${Button} kind="link" onClick=${run}>Try again</${Button}></${Notice}>`}
			${hasMore && html`<${Button} kind="quiet" busy=${busy} onClick=${run}>Show more</${Button}>`}
		</section>`;
}

/** @param {{event: ActivityEvent}} props */
function Line({ event }) {
	const origin = originText(event);
	return html`
		${activityText(event)}${' '}
		<span class="muted">${relativeText(event.last_at, nowFor(event.last_at))}${origin && ` from ${origin}`}</span>`;
}
