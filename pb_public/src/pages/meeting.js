// A meeting: its video, summary, action items and transcript, and its transfer.
import { useEffect, useMemo, useRef } from '../../vendor/preact-hooks.js';
import { ActionItems } from '../components/action_items.js';
import { Badge } from '../components/badge.js';
import { BundleButton } from '../components/bundle_button.js';
import { Button } from '../components/button.js';
import { Chapters } from '../components/chapters.js';
import { ConfirmButton } from '../components/confirm_button.js';
import { ExternalLink } from '../components/external_link.js';
import { Highlights } from '../components/highlights.js';
import { Back } from '../components/icons.js';
import { Markdown } from '../components/markdown.js';
import { MissingPart } from '../components/missing_part.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page_title.js';
import { SharedLinks } from '../components/shared_links.js';
import { Spinner } from '../components/spinner.js';
import { Transcript } from '../components/transcript.js';
import { TransferPanel } from '../components/transfer_panel.js';
import { Video } from '../components/video.js';
import { MeetingDetails } from '../data/meeting_details.js';
import { clockText, durationText, longDayText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { href, navigate } from '../lib/router.js';
import { safeURL } from '../lib/safe_url.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').MeetingRecord} MeetingRecord */

/** @param {{workspace: Workspace, id: string, at?: number}} props at is the moment to show, in seconds */
export function MeetingPage({ workspace, id, at }) {
	const details = useMemo(() => new MeetingDetails(workspace.db, workspace.streams.database, id), [workspace, id]);
	useEffect(() => {
		scrollTo(0, 0);
		details.start();
		return () => details.stop();
	}, [details]);

	const { transfers, jobs } = workspace;
	const hasLoaded = details.ready.value && [transfers, jobs].every((records) => records.loaded.value || records.error.value);
	const meeting = details.meeting.value;
	const status = meeting && workspace.transferOf(meeting.recording_id)?.status;
	useEffect(() => {
		if (status) details.loadTransferred(status).catch(() => {}); // repeated at the next change of the status
	}, [status]);

	return html`
		<div class="page">
			<p><a class="back" href=${href('/')}><${Back} />Meetings</a></p>
			${details.error.value && html`
				<${Notice}>
					${details.error.value}${' '}
					${details.isGone.value ? html`<a href=${href('/')}>Back to meetings</a>` : html`<${Button} kind="link" onClick=${() => details.load()}>Try again</${Button}>`}
				</${Notice}>`}
			${!(meeting && hasLoaded) && !details.error.value && html`<${Spinner} label="Loading meeting" />`}
			${meeting && hasLoaded && html`<${Body} workspace=${workspace} details=${details} meeting=${meeting} at=${at} />`}
		</div>`;
}

/** @param {{workspace: Workspace, details: MeetingDetails, meeting: MeetingRecord, at?: number}} props */
function Body({ workspace, details, meeting, at }) {
	const video = useRef(/** @type {HTMLMediaElement | null} */ (null));
	const recording = details.recording.value;
	/** @param {number} seconds */
	const seek = (seconds) => {
		if (!video.current) return;
		video.current.currentTime = seconds;
		video.current.scrollIntoView({ block: 'nearest' });
		video.current.play().catch(() => {}); // the browser may not allow it
	};
	const onSeek = recording ? seek : undefined;
	/** @param {keyof import('../data/types.js').Parts} part */
	const missing = (part) => html`<${MissingPart} workspace=${workspace} meeting=${meeting} part=${part} />`;
	const fathomURL = safeURL(meeting.fathom_url);
	const facts = [
		`${longDayText(meeting.recorded_at)}, ${clockText(meeting.recorded_at)}`, durationText(meeting.duration), meeting.meeting_type,
	].filter(Boolean);
	return html`
		<div class="meeting-head">
			<${PageTitle} title=${meeting.title || 'Untitled meeting'} />
			<p class="muted">${facts.join(' · ')}${fathomURL && html`${' · '}<${ExternalLink} href=${fathomURL}>Open in Fathom</${ExternalLink}>`}</p>
			${meeting.withdrawn_at && html`<p class="muted"><${Badge} tone="plain">No longer at Fathom</${Badge}> Everything that was copied is kept.</p>`}
			<${BundleButton} db=${workspace.db} selection=${{ recording_ids: [meeting.recording_id] }} />
		</div>
		<div class="columns">
			<${TransferPanel} workspace=${workspace} details=${details} meeting=${meeting} />
			<article>
				${recording && html`<${Video} key=${recording.id} details=${details} recording=${recording} player=${video} startAt=${at} />`}
				${recording && html`<${Chapters} chapters=${details.chapters.value} player=${video} onSeek=${seek} />`}
				<section>
					<h2>Summary</h2>
					${meeting.summary
						? html`<${Markdown} text=${meeting.summary} />`
						: missing('summary')}
				</section>
				<${ActionItems} items=${meeting.action_items} missing=${missing('action_items')} onSeek=${onSeek} />
				<${Highlights} items=${meeting.highlights} missing=${missing('highlights')} onSeek=${onSeek} />
				<${Transcript} transcript=${details.transcript.value} missing=${missing('transcript')} at=${at} isShown=${!recording} onSeek=${onSeek} />
			</article>
			<${SharedLinks} key=${meeting.recording_id} recordingID=${meeting.recording_id} isStored=${Boolean(recording)} />
			<${People} meeting=${meeting} />
			<${Deletion} workspace=${workspace} details=${details} meeting=${meeting} />
		</div>`;
}

/** @param {{workspace: Workspace, details: MeetingDetails, meeting: MeetingRecord}} props */
function Deletion({ workspace, details, meeting }) {
	const remove = async () => {
		await details.delete();
		workspace.titles.remove(meeting.id);
		navigate(href('/'), { replace: true });
	};
	return html`
		<section class="deletion" aria-label="Delete meeting">
			<${ConfirmButton} label="Delete meeting…" confirmLabel="Delete meeting" action=${remove}
				question="Delete this meeting with the video, summary and transcript stored here? Nothing is deleted at Fathom or Loom. Syncs will not add it again." />
		</section>`;
}

/** @param {{meeting: MeetingRecord}} props */
function People({ meeting }) {
	const people = meeting.invitees ?? [];
	if (!people.length) return null;
	return html`
		<section class="people">
			<h2>People</h2>
			<ul>
				${people.map((person) => html`
					<li dir="auto">${person.name || person.email || 'Unknown person'}${person.is_external && html`<span class="muted"> · external</span>`}</li>`)}
			</ul>
		</section>`;
}
