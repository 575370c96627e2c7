// A meeting: its video, summary, action items and transcript, and its transfer.
import { useCallback, useEffect, useMemo, useState } from '../../vendor/preact-hooks.js';
import { Badge } from '../components/badge.js';
import { BundleButton } from '../components/bundle_button.js';
import { Button } from '../components/button.js';
import { Chapters } from '../components/chapters.js';
import { ConfirmButton } from '../components/confirm_button.js';
import { ExternalLink } from '../components/external_link.js';
import { Back } from '../components/icons.js';
import { LoomPlayer } from '../components/loom_player.js';
import { MeetingTexts } from '../components/meeting_texts.js';
import { NeighbourLinks, useNeighbours } from '../components/neighbour_links.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page_title.js';
import { Player } from '../components/player.js';
import { SharedLinks } from '../components/shared_links.js';
import { Spinner } from '../components/spinner.js';
import { TransferPanel } from '../components/transfer_panel.js';
import { MeetingDetails } from '../data/meeting_details.js';
import { messageOf } from '../lib/errors.js';
import { clockText, durationText, longDayText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { libraryHref } from '../lib/library_query.js';
import { play } from '../lib/media_control.js';
import { titleText } from '../lib/meeting_title.js';
import { href, meetingHref, navigate } from '../lib/router.js';
import { safeURL } from '../lib/safe_url.js';
import { useShortcuts } from '../lib/use_shortcuts.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */
/** @typedef {import('../data/types.js').MeetingRecord} MeetingRecord */
/** @typedef {import('../lib/router.js').MeetingTab} MeetingTab */

/** @param {{workspace: Workspace, id: string, at?: number, tab?: MeetingTab}} props at is the moment to show, in seconds */
export function MeetingPage({ workspace, id, at, tab }) {
	const details = useMemo(() => new MeetingDetails(workspace.db, workspace.streams.database, id), [workspace, id]);
	const [transferError, setTransferError] = useState('');
	useEffect(() => {
		scrollTo(0, 0);
		details.start();
		return () => details.stop();
	}, [details]);

	const { transfers, jobs } = workspace;
	const meeting = details.meeting.value;
	const recordingID = meeting?.recording_id ?? 0;
	useEffect(() => {
		if (recordingID) transfers.loadWhole(recordingID).catch((error) => setTransferError(messageOf(error)));
	}, [recordingID]);
	const hasLoaded = details.ready.value && (transfers.isWhole(recordingID) || transferError) && (jobs.loaded.value || jobs.error.value);
	const isShown = meeting && hasLoaded;
	const status = meeting && workspace.transferOf(meeting.recording_id)?.status;
	useEffect(() => {
		if (status) details.loadTransferred(status).catch(() => {}); // repeated at the next change of the status
	}, [status]);

	return html`
		<div class="page meeting-page">
			<p><a class="back" href=${libraryHref(workspace.meetings.view.value)}><${Back} />Meetings</a></p>
			${!isShown && details.error.value && html`<${PageTitle} title=${details.isGone.value ? 'Meeting not found' : 'Meeting'} />`}
			${details.error.value && html`
				<${Notice}>
					${details.error.value}${' '}
					${details.isGone.value ? html`<a href=${href('/')}>Back to meetings</a>` : html`<${Button} kind="link" onClick=${() => details.load()}>Try again</${Button}>`}
				</${Notice}>`}
			${!isShown && !details.error.value && html`<${Spinner} label="Loading meeting" />`}
			${isShown && html`<${Body} workspace=${workspace} details=${details} meeting=${meeting} at=${at} tab=${tab} />`}
		</div>`;
}

/** @param {{workspace: Workspace, details: MeetingDetails, meeting: MeetingRecord, at?: number, tab?: MeetingTab}} props */
function Body({ workspace, details, meeting, at, tab }) {
	const [media, setMedia] = useState(/** @type {HTMLMediaElement | null} */ (null));
	const recording = details.recording.value;
	const seek = useCallback((/** @type {number} */ seconds) => {
		if (!media) return;
		media.currentTime = seconds;
		play(media);
	}, [media]);
	const loomLink = workspace.transferOf(meeting.recording_id)?.share_url || meeting.loom_url;
	return html`
		<${Head} workspace=${workspace} meeting=${meeting} media=${media} tab=${tab} />
		<div class="meeting">
			<div class="meeting-main">
				${recording && html`<${Player} workspace=${workspace} details=${details} meeting=${meeting} recording=${recording} media=${media} onMedia=${setMedia} at=${at} onSeek=${seek} />`}
				<${TransferPanel} workspace=${workspace} details=${details} meeting=${meeting} />
				<${LoomPlayer} url=${loomLink} title=${meeting.title} />
				${recording && html`<${Chapters} chapters=${details.chapters.value} media=${media} onSeek=${seek} />`}
				<div class="meeting-more">
					<${SharedLinks} key=${meeting.recording_id} recordingID=${meeting.recording_id} isStored=${Boolean(recording)} />
					<${People} meeting=${meeting} />
					<${Deletion} workspace=${workspace} details=${details} meeting=${meeting} />
				</div>
			</div>
			<${MeetingTexts} workspace=${workspace} details=${details} meeting=${meeting} media=${media} at=${at} tab=${tab} onSeek=${recording ? seek : undefined} />
		</div>`;
}

/** @param {{workspace: Workspace, meeting: MeetingRecord, media: HTMLMediaElement | null, tab?: MeetingTab}} props */
function Head({ workspace, meeting, media, tab }) {
	const neighbours = useNeighbours(workspace.db, meeting);
	useShortcuts(media, useCallback((direction) => {
		const neighbour = neighbours[direction];
		if (neighbour) navigate(meetingHref(neighbour.id, tab));
	}, [neighbours, tab]));
	const fathomURL = safeURL(meeting.fathom_url);
	const facts = [
		`${longDayText(meeting.recorded_at)}, ${clockText(meeting.recorded_at)}`, durationText(meeting.duration), meeting.meeting_type,
	].filter(Boolean);
	return html`
		<${NeighbourLinks} neighbours=${neighbours} tab=${tab} />
		<div class="meeting-head">
			<div>
				<${PageTitle} title=${titleText(meeting.title)} />
				<p class="muted">${facts.join(' · ')}${fathomURL && html`${' · '}<${ExternalLink} href=${fathomURL}>Open in Fathom</${ExternalLink}>`}</p>
				${meeting.withdrawn_at && html`<p class="muted"><${Badge} tone="plain">No longer at Fathom</${Badge}> Everything that was copied is kept.</p>`}
			</div>
			<${BundleButton} db=${workspace.db} selection=${{ recording_ids: [meeting.recording_id] }} />
		</div>`;
}

/** @param {{workspace: Workspace, details: MeetingDetails, meeting: MeetingRecord}} props */
function Deletion({ workspace, details, meeting }) {
	const remove = async () => {
		await details.delete();
		workspace.lookup.remove(meeting.id);
		workspace.meetings.removed();
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
