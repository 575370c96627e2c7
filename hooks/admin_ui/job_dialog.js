// The dialog of a job on the page "Queue": what it is about, its error, and its attempts.
import { timeText } from './account_text.js';
import { factList, openDialog } from './dialog.js';
import { attemptsText, outcomeText, subjectText, tookText } from './job_text.js';

/** @typedef {import('./queue.js').Job} Job */
/** @typedef {import('./job_text.js').Attempt} Attempt */

const cellStyle = 'padding: 6px 10px; height: auto; text-align: left; vertical-align: top; overflow-wrap: anywhere';

/** @param {Attempt} attempt */
const attemptRow = (attempt) =>
	t.tr(
		null,
		t.td({ style: cellStyle }, String(attempt.attempt)),
		t.td({ style: `${cellStyle}; white-space: nowrap` }, timeText(attempt.started)),
		t.td({ style: `${cellStyle}; white-space: nowrap` }, tookText(attempt)),
		t.td({ style: cellStyle }, outcomeText(attempt), attempt.error ? t.div({ className: 'txt-hint' }, attempt.error) : ''),
		t.td({ style: cellStyle }, attempt.worker ?? ''),
	);

/** @param {Attempt[]} history oldest first */
function historyTable(history) {
	if (!history.length) return t.p({ className: 'txt-hint' }, 'No attempt has ended yet.');
	const head = ['Attempt', 'Started', 'Took', 'Outcome', 'Worker'].map((label) => t.th({ 'html-scope': 'col', style: `${cellStyle}; white-space: nowrap; overflow-wrap: normal` }, label));
	return t.div(
		{ style: 'overflow-x: auto' },
		t.table({ className: 'block', style: 'width: 100%; min-width: 560px' }, t.thead(null, t.tr(null, head)), t.tbody(null, ...[...history].reverse().map(attemptRow))),
	);
}

/** Shows a job. @param {Job} job @param {string} [title] of its meeting */
export async function showJob(job, title) {
	const owner = job.expand?.user?.email;
	const state = store({ history: t.span({ className: 'skeleton-loader' }) });
	const content = t.div(
		null,
		factList([
			['Meeting', subjectText(job, title)],
			['Recording', title && job.payload?.recording_id ? String(job.payload.recording_id) : ''],
			['Owner', owner ? t.a({ href: `#/users?search=${encodeURIComponent(owner)}`, className: 'link-primary' }, owner) : job.user],
			['Status', [job.status, job.stage, job.cancel_requested && job.status === 'processing' && 'cancelling'].filter(Boolean).join(', ')],
			['Attempts', attemptsText(job)],
			['Due', timeText(job.run_at)],
			['Started', timeText(job.started_at)],
			['Finished', timeText(job.finished_at)],
			['Error', job.error],
			['Job', job.id],
		]),
		t.h6({ className: 'm-b-sm m-t-base' }, 'Attempts, the latest first'),
		() => state.history,
	);
	const openRecord = () => (window.location.hash = `#/collections?collection=global_queue&record=${encodeURIComponent(job.id)}`);
	openDialog({
		title: job.kind,
		content,
		size: 'lg',
		buttons: [{ label: 'Open record', style: 'secondary m-r-auto', onclick: openRecord }, { label: 'Close', autofocus: true }],
	});
	try {
		const { history } = await app.pb.collection('global_queue').getOne(job.id, { fields: 'history', requestKey: 'queue_job' });
		state.history = historyTable(history ?? []);
	} catch (/** @type {any} */ err) {
		state.history = t.p({ className: 'txt-danger' }, err.isAbort ? '' : `The attempts can’t be shown: ${err.message}`);
	}
}
