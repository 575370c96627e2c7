// One meeting: its video, summary, action items and transcript, and its transfer.
import { useEffect, useMemo, useRef } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';
import { ActionItems } from '../components/action_items.js';
import { Button, Notice, OutsideLink, PageTitle, Spinner } from '../components/button.js';
import { clockText, durationText, longDayText, safeURL } from '../lib/format.js';
import { Back } from '../components/icons.js';
import { Markdown } from '../lib/markdown.js';
import { MeetingDetails } from '../data/meeting_details.js';
import { Transcript } from '../components/transcript.js';
import { TransferPanel } from '../components/transfer_panel.js';
import { Video } from '../components/video.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').MeetingDetails} Meeting */

/** @param {{workspace: Workspace, id: string}} props */
export function MeetingPage({ workspace, id }) {
	const details = useMemo(() => new MeetingDetails(workspace.db, id), [workspace, id]);
	useEffect(() => {
		scrollTo(0, 0);
		details.start();
		return () => details.stop();
	}, [details]);

	const meeting = details.meeting.value;
	const status = meeting && workspace.transferOf(meeting.recording_id)?.status;
	useEffect(() => {
		if (status) details.loadParts().catch(() => {}); // shown at the next change or visit
	}, [status]);

	return html`
		<div class="page">
			<p><a class="back" href="#/"><${Back} />Meetings</a></p>
			${details.error.value && html`<${Notice}>${details.error.value} <${Button} kind="link" onClick=${() => details.load()}>Try again</${Button}></${Notice}>`}
			${!meeting && !details.error.value && html`<${Spinner} label="Opening the meeting" />`}
			${meeting && html`<${Body} workspace=${workspace} details=${details} meeting=${meeting} />`}
		</div>`;
}

/** @param {{workspace: Workspace, details: MeetingDetails, meeting: Meeting}} props */
function Body({ workspace, details, meeting }) {
	const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
	const recording = details.recording.value;
	/** @param {number} seconds */
	const seek = (seconds) => {
		if (!video.current) return;
		video.current.currentTime = seconds;
		video.current.scrollIntoView({ block: 'nearest' });
		video.current.play().catch(() => {});
	};
	const onSeek = recording ? seek : undefined;
	const source = safeURL(meeting.fathom_url);
	const facts = [
		`${longDayText(meeting.recorded_at)}, ${clockText(meeting.recorded_at)}`, durationText(meeting.duration), meeting.meeting_type,
	].filter(Boolean);
	return html`
		<div class="meeting-head">
			<${PageTitle} title=${meeting.title || 'Untitled meeting'} />
			<p class="muted">${facts.join(' · ')}${source && html`${' · '}<${OutsideLink} href=${source}>Open in Fathom</${OutsideLink}>`}</p>
		</div>
		<div class="columns">
			<${TransferPanel} workspace=${workspace} details=${details} meeting=${meeting} />
			<article>
				${recording && html`<${Video} key=${recording.id} details=${details} recording=${recording} player=${video} />`}
				<section>
					<h2>Summary</h2>
					${meeting.summary
						? html`<${Markdown} text=${meeting.summary} />`
						: html`<p class="muted">${recording ? 'Fathom has no summary of this meeting.' : 'The summary comes along with the transfer.'}</p>`}
				</section>
				<${ActionItems} items=${meeting.action_items} onSeek=${onSeek} />
				<${Transcript} transcript=${details.transcript.value} transferred=${Boolean(recording)} onSeek=${onSeek} />
			</article>
			<${People} meeting=${meeting} />
		</div>`;
}

/** @param {{meeting: Meeting}} props */
function People({ meeting }) {
	const people = meeting.invitees ?? [];
	if (!people.length) return null;
	return html`
		<section class="people">
			<h2>People</h2>
			<ul>
				${people.map((person) => html`
					<li>${person.name || person.email || 'Somebody'}${person.is_external && html`<span class="muted"> · guest</span>`}</li>`)}
			</ul>
		</section>`;
}
