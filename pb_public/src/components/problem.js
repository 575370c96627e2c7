import { useState } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { settingsHref } from '../lib/router.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { JobRow } from './job_row.js';
import { Notice } from './notice.js';

/** @typedef {import('../data/workspace.js').Workspace} Workspace */

const shownAtFirst = 3; // jobs

/** Failed jobs with the same cause, and what removes it. @param {{workspace: Workspace, problem: import('../lib/problems.js').Problem}} props */
export function Problem({ workspace, problem: { cause, jobs, fix, isHopeless } }) {
	const [isWhole, setWhole] = useState(false);
	const [skipped, setSkipped] = useState(0);
	const { run, busy, error } = useAction(async () => setSkipped((await workspace.jobs.retryAll(jobs)).skipped), 'It starts again.');
	const shown = isWhole ? jobs : jobs.slice(0, shownAtFirst);
	return html`
		<section class="card problem">
			<h2 dir="auto">${cause}</h2>
			${(fix || jobs.length > 1) && html`<div class="actions">
				${fix && html`<a class="button primary" href=${settingsHref(fix.section)}>${fix.label}</a>`}
				${jobs.length > 1 && html`<${Button} kind=${fix || isHopeless ? 'quiet' : 'primary'} busy=${busy} onClick=${run}>Retry all ${jobs.length}</${Button}>`}
			</div>`}
			${isHopeless && !fix && html`<p class="hint">A retry helps only if something has changed since.</p>`}
			${skipped > 0 && html`<p class="hint" role="status">Skipped ${countText(skipped, 'job')}, because the same work is already waiting or running.</p>`}
			${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
			<ul class="rows">${shown.map((job) => html`<${JobRow} key=${job.id} workspace=${workspace} job=${job} cause=${cause} />`)}</ul>
			${jobs.length > shown.length && html`<${Button} kind="link" onClick=${() => setWhole(true)}>Show all ${countText(jobs.length, 'job')}</${Button}>`}
		</section>`;
}
