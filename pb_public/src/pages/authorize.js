// Where a user decides whether an assistant may read their meetings.
import { useEffect, useState } from '../../vendor/preact-hooks.js';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page_title.js';
import { Spinner } from '../components/spinner.js';
import { pb } from '../data/clients.js';
import { messageOf, statusOf } from '../lib/errors.js';
import { longDayText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { href } from '../lib/router.js';
import { safeURL } from '../lib/safe_url.js';
import { useAction } from '../lib/use_action.js';

/** @typedef {import('../data/types.js').AssistantQuestion} AssistantQuestion */

/** @param {{query: string}} props the query of the assistant's request */
export function AuthorizePage({ query }) {
	const [question, setQuestion] = useState(/** @type {AssistantQuestion | null} */ (null));
	const { run, error } = useAction(async () => setQuestion(await pb.send('/api/oauth/question', { method: 'POST', body: { query } })));
	useEffect(() => {
		run();
	}, []);
	return html`
		<div class="page narrow">
			<${PageTitle} title="Give an assistant access?" />
			<section class="card" aria-label="Request for access">
				${!question && !error && html`<${Spinner} label="Reading the request" />`}
				${error && html`<${Refusal} error=${error} onRetry=${run} />`}
				${question && html`<${Decision} question=${question} />`}
			</section>
		</div>`;
}

/** A request that nobody can allow. @param {{error: any, onRetry: () => void}} props */
function Refusal({ error, onRetry }) {
	const back = safeURL(error?.response?.return_url);
	const mayWork = [0, 429].includes(statusOf(error)) || statusOf(error) >= 500;
	return html`
		<${Notice}>${statusOf(error) === 404 ? 'This server doesn’t let assistants ask for access.' : messageOf(error)}</${Notice}>
		<div class="actions">
			${mayWork && html`<${Button} onClick=${onRetry}>Try again</${Button}>`}
			${back && html`<${Button} kind="quiet" onClick=${() => location.replace(back)}>Return to ${new URL(back).host}</${Button}>`}
			<a class="button quiet" href=${href('/')}>To your meetings</a>
		</div>`;
}

/** @param {{question: AssistantQuestion}} props */
function Decision({ question }) {
	const { run, busy, error } = useAction(async (/** @type {boolean} */ allow) => {
		const { redirect } = await pb.send('/api/oauth/decision', { method: 'POST', body: { decision: question.decision, allow } });
		const target = safeURL(redirect);
		if (!target) throw new Error('The address of the assistant is not valid');
		location.replace(target);
	});
	return html`
		<p>${question.name ? html`A program that calls itself <strong>${question.name}</strong>` : 'A program without a name'} asks
			to read your meetings.</p>
		<dl class="facts stacked">
			<div><dt>Who describes it</dt>
				<dd>${question.host ? html`The website <strong>${question.host}</strong>` : 'Nobody but the program itself'}</dd></div>
			<div><dt>Where access goes</dt>
				<dd><strong>${question.redirect_host}</strong>${question.is_local && ', a program on the computer in front of you'}</dd></div>
			<div><dt>What it can read</dt>
				<dd>Titles, people, summaries, action items, transcripts and the state of copies. It can change, share and delete nothing.</dd></div>
			<div><dt>For how long</dt>
				<dd>Until ${longDayText(question.ends)}, or until you revoke it in Settings</dd></div>
		</dl>
		<${Notice} kind="note">This server has not verified who is asking; a name can be made up. Allow access only if you have just
			started this in an assistant that you trust${question.is_local ? ' on this computer' : ''}.</${Notice}>
		<div class="actions">
			<${Button} busy=${busy} onClick=${() => run(true)}>Allow</${Button}>
			<${Button} kind="quiet" disabled=${busy} onClick=${() => run(false)}>Deny</${Button}>
		</div>
		${error && html`<${Notice}>${messageOf(error)}</${Notice}>`}`;
}
