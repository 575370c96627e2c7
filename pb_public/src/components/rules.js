import { useEffect, useMemo, useState } from '../../vendor/preact-hooks.js';
import { LiveRecords } from '../data/live_records.js';
import { firstMessage } from '../lib/errors.js';
import { countText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { optionsText } from '../lib/loom_options.js';
import { conditionsText } from '../lib/rule_text.js';
import { useAction } from '../lib/use_action.js';
import { useLoomFolders } from '../lib/use_loom_folders.js';
import { Button } from './button.js';
import { ConfirmButton } from './confirm_button.js';
import { MyEmails } from './my_emails.js';
import { Notice } from './notice.js';
import { RuleForm } from './rule_form.js';

/** @typedef {import('../data/types.js').Rule} Rule */

/** The rules that transfer new meetings automatically. @param {{workspace: import('../data/workspace.js').Workspace}} props */
export function Rules({ workspace }) {
	const { db, streams } = workspace;
	const collection = db.collection('rules');
	/** @type {LiveRecords<Rule>} */
	const rules = useMemo(() => new LiveRecords(streams.database, 'rules', () => collection.getFullList({ sort: 'created,id' })), []);
	const [editing, setEditing] = useState(/** @type {string | null} */ (null)); // an id; blank for a new rule
	useEffect(() => {
		rules.start();
		return () => rules.stop();
	}, [rules]);
	/** @param {Rule} rule */
	const saved = (rule) => {
		rules.put(rule);
		setEditing(null);
	};
	const sorted = [...rules.records.value.values()].sort((a, b) => a.created.localeCompare(b.created));
	return html`
		<section class="card" aria-labelledby="rules-heading">
			<div class="card-head"><h2 id="rules-heading">Automatic copies</h2></div>
			<p>New meetings that match a rule are copied without a click. The first rule that matches decides.</p>
			${rules.error.value && html`<${Notice}>${rules.error.value}</${Notice}>`}
			${sorted.length > 0 && html`
				<ul class="rules">
					${sorted.map((rule) => html`
						<li key=${rule.id}>
							${editing === rule.id
								? html`<${RuleForm} workspace=${workspace} rule=${rule} onSaved=${saved} onCancel=${() => setEditing(null)} />`
								: html`<${RuleRow} workspace=${workspace} rules=${rules} collection=${collection} rule=${rule} onEdit=${() => setEditing(rule.id)} />`}
						</li>`)}
				</ul>`}
			${editing === ''
				? html`<${RuleForm} workspace=${workspace} onSaved=${saved} onCancel=${() => setEditing(null)} />`
				: html`<${Button} kind="quiet" disabled=${!rules.loaded.value} onClick=${() => setEditing('')}>Add rule</${Button}>`}
			<${MyEmails} workspace=${workspace} />
		</section>`;
}

/** @param {{workspace: import('../data/workspace.js').Workspace, rules: LiveRecords<Rule>, collection: any, rule: Rule, onEdit: () => void}} props */
function RuleRow({ workspace, rules, collection, rule, onEdit }) {
	const folders = useLoomFolders(workspace, Boolean(rule.deliver && rule.options?.folder));
	const { run, busy, error } = useAction(async () => rules.put(await collection.update(rule.id, { enabled: !rule.enabled })));
	const remove = async () => {
		await collection.delete(rule.id);
		rules.remove(rule.id);
	};
	return html`
		<p><strong>${rule.name}</strong>${!rule.enabled && ' (off)'}</p>
		<p class="muted">${conditionsText(rule.conditions)} → ${rule.deliver ? `upload to Loom${optionsText(rule.options, (id) => folders.nameOf(id))}` : 'only keep a copy here'}</p>
		${rule.matched > 0 && html`<p class="muted">${countText(rule.matched, 'meeting')} copied.</p>`}
		${error && html`<${Notice}>${firstMessage(error)}</${Notice}>`}
		<div class="actions">
			<${Button} kind="quiet" busy=${busy} aria-label=${`${rule.enabled ? 'Turn off' : 'Turn on'}: ${rule.name}`} onClick=${run}>${rule.enabled ? 'Turn off' : 'Turn on'}</${Button}>
			<${Button} kind="quiet" aria-label=${`Edit: ${rule.name}`} onClick=${onEdit}>Edit</${Button}>
			<${ConfirmButton} label="Delete rule" subject=${rule.name} question=${`Delete the rule “${rule.name}”? What it has copied is kept.`} action=${remove} />
		</div>`;
}
