import { useState } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { navigate } from '../lib/router.js';
import { ActionItems } from './action_items.js';
import { Highlights } from './highlights.js';
import { Markdown } from './markdown.js';
import { MissingPart } from './missing_part.js';
import { Tabs } from './tabs.js';
import { Transcript } from './transcript.js';

/** @typedef {import('../lib/router.js').MeetingTab} MeetingTab */

/** @type {{name: MeetingTab, label: string}[]} */
const tabs = [{ name: 'transcript', label: 'Transcript' }, { name: 'summary', label: 'Summary' }, { name: 'actions', label: 'Actions' }];

/**
 * The texts of a meeting, of which the address tells the one that is shown. By default it is the transcript, or without one the
 * summary.
 * @param {{workspace: import('../data/workspace.js').Workspace, details: import('../data/meeting_details.js').MeetingDetails,
 *   meeting: import('../data/types.js').MeetingRecord, media: HTMLMediaElement | null, at?: number, tab?: MeetingTab,
 *   onSeek?: (seconds: number) => void}} props at is the moment to show, in seconds; onSeek plays the recording if it is stored
 */
export function MeetingTexts({ workspace, details, meeting, media, at, tab, onSeek }) {
	const transcript = details.transcript.value;
	const [first] = useState(() => /** @type {MeetingTab} */ (transcript?.items?.length ? 'transcript' : 'summary'));
	const current = tab ?? first;
	/** @param {keyof import('../data/types.js').Parts} part */
	const missing = (part) => html`<${MissingPart} workspace=${workspace} meeting=${meeting} part=${part} />`;
	return html`
		<${Tabs} label="About this meeting" tabs=${tabs} current=${current} onChoose=${showTab}>
			${current === 'transcript' && html`
				<h2 class="hidden">Transcript</h2>
				<${Transcript} id=${meeting.id} transcript=${transcript} missing=${missing('transcript')} media=${media} at=${at} onSeek=${onSeek} />`}
			${current === 'summary' && html`
				<section class="tab-text">
					<h2 class="hidden">Summary</h2>
					${meeting.summary ? html`<${Markdown} text=${meeting.summary} onSeek=${onSeek} />` : missing('summary')}
				</section>`}
			${current === 'actions' && html`
				<div class="tab-text">
					<${ActionItems} items=${meeting.action_items} missing=${missing('action_items')} onSeek=${onSeek} />
					<${Highlights} items=${meeting.highlights} missing=${missing('highlights')} onSeek=${onSeek} />
				</div>`}
		</${Tabs}>`;
}

/** Shows a tab, and keeps the rest of the address. @param {MeetingTab} tab */
function showTab(tab) {
	const address = new URL(location.href);
	address.searchParams.set('tab', tab);
	navigate(address.href, { replace: true });
}
