import { useEffect, useRef } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { syncText } from '../lib/first_run.js';
import { html } from '../lib/html.js';
import { isActive } from '../lib/job_status.js';
import { settingsHref } from '../lib/router.js';
import { nowFor } from '../lib/tick.js';
import { useAction } from '../lib/use_action.js';
import { waitTimes } from '../lib/wait_text.js';
import { FathomKeyForm } from './fathom_key_form.js';
import { CopyStep, firstCopy } from './first_copy.js';
import { JobButton } from './job_button.js';
import { Notice } from './notice.js';
import { Steps } from './steps.js';
import { SyncButton } from './sync_button.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */

/** Whether a key can be used: Fathom accepts it, or could not be asked. @param {import('../data/types.js').Connection | undefined} connection */
const isUsable = (connection) => connection?.status === 'valid' || connection?.status === 'unchecked';

const titles = ['Connect Fathom', 'Find your meetings', 'Copy a meeting'];

/** The first steps of a new user, from the key to the first copy, one at a time in the same place. @param {{workspace: Workspace}} props */
export function FirstRun({ workspace }) {
	const { fathom, meetings } = workspace;
	const heading = useRef(/** @type {HTMLElement | null} */ (null));
	const focus = () => heading.current?.focus(); // before what had the focus disappears
	const step = meetings.items.value.length ? 2 : isUsable(fathom) ? 1 : 0;
	const isCopied = step === 2 && firstCopy(workspace, '').isCopied;
	return html`
		<section class="card first-run" aria-labelledby="first-run-heading">
			<h2 id="first-run-heading">Three steps to your first copy</h2>
			<${Steps} titles=${titles} step=${isCopied ? titles.length : step} />
			<div class=${`step step-${step + 1}`}>
				<h3 tabindex="-1" ref=${heading} aria-live="polite">${titles[step]}</h3>
				${step === 0 && html`<${ConnectStep} workspace=${workspace} onSaved=${focus} />`}
				${step === 1 && html`<${SyncStep} workspace=${workspace} />`}
				${step === 2 && html`<${CopyStep} workspace=${workspace} onStarted=${focus} />`}
			</div>
		</section>`;
}

/** @param {{workspace: Workspace, onSaved: () => void}} props */
function ConnectStep({ workspace, onSaved }) {
	const { fathom, jobs } = workspace;
	/** @param {import('../data/types.js').Connection} saved */
	const continueWith = (saved) => {
		onSaved();
		if (jobs.lastSync) syncWith(workspace, saved); // otherwise the next step starts the first sync
	};
	if (fathom?.status === 'checking') return html`<p class="muted" aria-live="polite">Testing the key with Fathom…</p>`;
	return html`
		${fathom && html`<${Notice}>${fathom.reason || 'Fathom does not accept your API key.'}</${Notice}>`}
		${!fathom && html`<p>Your meetings are read with an API key of your Fathom account.</p>`}
		<${FathomKeyForm} workspace=${workspace} connection=${fathom} onSaved=${continueWith} />`;
}

/**
 * Starts a sync with a key that has just been saved, unless the server has started one.
 * @param {Workspace} workspace @param {import('../data/types.js').Connection} saved
 */
export function syncWith({ jobs }, saved) {
	const { lastSync } = jobs;
	if (isActive(lastSync) || (lastSync && lastSync.created >= saved.updated)) return;
	jobs.sync().catch(() => {}); // the button to sync says why
}

/** The progress of the first sync, which it starts if there was none. @param {{workspace: Workspace}} props */
function SyncStep({ workspace }) {
	const { jobs, meetings, fathom } = workspace;
	const job = jobs.lastSync;
	const found = meetings.totalOfAll.value;
	const { run, error } = useAction(() => jobs.sync());
	const isMissing = jobs.loaded.value && !job && isUsable(fathom);
	useEffect(() => {
		if (isMissing) run();
	}, [isMissing]);
	const active = !job || isActive(job);
	const text = syncText(job, jobs, found, nowFor(...waitTimes(job, jobs)));
	return html`
		${fathom?.status === 'unchecked' && html`<p>${fathom.reason} <a href=${settingsHref('fathom')}>Replace the key</a></p>`}
		${fathom?.status === 'valid' && html`<p>Fathom accepts your key${fathom.last_four && html` <code>•••• ${fathom.last_four}</code>`}.</p>`}
		<div class="progress">
			${active && html`<progress aria-label="Reading your meetings" />`}
			${job?.status === 'dead' ? html`<${Notice}>${text}</${Notice}>` : html`<p class="muted" aria-live="polite">${text}</p>`}
		</div>
		${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
		${job?.status === 'dead' && html`<div class="actions"><${JobButton} jobs=${jobs} job=${job} title="Read your meetings" /></div>`}
		${(error || job?.status === 'cancelled' || (job?.status === 'completed' && !found && !job.result?.added)) && html`<${SyncButton} workspace=${workspace} />`}`;
}
