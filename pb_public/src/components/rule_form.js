import { useRef, useState } from '../../vendor/preact-hooks.js';
import { firstMessage } from '../lib/errors.js';
import { countText, dayText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { titleText } from '../lib/meeting_title.js';
import { meetingHref } from '../lib/router.js';
import { optionsIn } from '../lib/loom_options.js';
import { conditionsIn, lists } from '../lib/rule_text.js';
import { useAction } from '../lib/use_action.js';
import { Button } from './button.js';
import { Field } from './field.js';
import { FolderField, VisibilityField } from './loom_fields.js';
import { Notice } from './notice.js';

/** @typedef {import('../data/types.js').Rule} Rule */
/** @typedef {{matched: number, meetings: {meeting: string, title: string, recorded_at: string}[] | null}} Test */

/**
 * Adds or changes a rule, and shows which of the stored meetings it matches.
 * @param {{workspace: import('../data/workspace.js').Workspace, rule?: Rule, onSaved: (rule: Rule) => void, onCancel: () => void}} props
 */
export function RuleForm({ workspace, rule, onSaved, onCancel }) {
	const { db } = workspace;
	const collection = db.collection('rules');
	const form = useRef(/** @type {HTMLFormElement | null} */ (null));
	const [deliver, setDeliver] = useState(rule?.deliver !== false);
	const hasOptions = deliver && Boolean(workspace.loom || rule?.options);
	const [test, setTest] = useState(/** @type {Test | null} */ (null));
	const entered = () => new FormData(/** @type {HTMLFormElement} */ (form.current));
	const { run: save, busy, error } = useAction(async () => {
		const data = entered();
		const fields = { name: String(data.get('rule-name')).trim(), conditions: conditionsIn(data), deliver, options: optionsIn(data) };
		onSaved(/** @type {any} */ (await (rule ? collection.update(rule.id, fields) : collection.create({ ...fields, enabled: true }))));
	});
	const { run: runTest, busy: testing, error: testError } = useAction(async () => {
		setTest(null);
		setTest(await db.send('/api/rules/test', { method: 'POST', body: { conditions: conditionsIn(entered()) } }));
	});
	/** @param {Event} event */
	const submit = (event) => {
		event.preventDefault();
		save();
	};
	const conditions = rule?.conditions ?? {};
	const problem = error ?? testError;
	return html`
		<form class="rule-form" ref=${form} onSubmit=${submit}>
			<${Field} id="rule-name" label="Name" required maxlength="100" defaultValue=${rule?.name ?? ''} />
			<label class="check-box"><input type="checkbox" name="recorded_by_me" defaultChecked=${conditions.recorded_by_me} /> Recorded by me</label>
			${Object.entries(lists).map(([name, label]) => html`
				<${Field} key=${name} id=${name} label=${label} autocomplete="off"
					defaultValue=${(conditions[/** @type {keyof typeof lists} */ (name)] ?? []).join(', ')} hint="Separate several by commas; one of them is enough." />`)}
			<div class="field">
				<label for="external">People from outside</label>
				<select id="external" name="external">
					<option value="any">Doesn’t matter</option>
					<option value="only" selected=${conditions.external === 'only'}>Took part</option>
					<option value="none" selected=${conditions.external === 'none'}>Did not take part</option>
				</select>
			</div>
			<${Field} id="min_minutes" label="Minutes, at least" type="number" min="0" max="1440" defaultValue=${conditions.min_minutes ?? ''} />
			<div class="field">
				<label for="deliver">What to do</label>
				<select id="deliver" value=${String(deliver)} onChange=${(/** @type {any} */ event) => setDeliver(event.currentTarget.value === 'true')}>
					<option value="true">Upload to Loom</option>
					<option value="false">Only keep a copy here</option>
				</select>
			</div>
			${hasOptions && html`
				<${VisibilityField} id="visibility" label="Who can watch it at Loom" initial=${rule?.options?.visibility} usual="As chosen for all uploads" />
				<${FolderField} workspace=${workspace} id="folder" label="Folder at Loom" initial=${rule?.options?.folder} usual="As chosen for all uploads" />`}
			${problem && html`<${Notice}>${firstMessage(problem)}</${Notice}>`}
			<div class="actions">
				<${Button} type="submit" busy=${busy}>Save rule</${Button}>
				<${Button} kind="quiet" busy=${testing} onClick=${runTest}>Show matching meetings</${Button}>
				<${Button} kind="quiet" onClick=${onCancel}>Cancel</${Button}>
			</div>
			${test && html`<${Matches} test=${test} />`}
		</form>`;
}

/** @param {{test: Test}} props */
function Matches({ test: { matched, meetings } }) {
	const shown = meetings ?? [];
	return html`
		<div role="status">
			<p>${countText(matched, 'meeting matches', 'meetings match')}. The rule applies to meetings that are added from now on.</p>
			<ul class="notices">${shown.map(({ meeting, title, recorded_at: at }) => html`
				<li key=${meeting}><a dir="auto" href=${meetingHref(meeting)}>${titleText(title)}</a> <span class="muted">${dayText(at)}</span></li>`)}</ul>
			${matched > shown.length && html`<p class="muted">The newest ${shown.length} are shown.</p>`}
		</div>`;
}
