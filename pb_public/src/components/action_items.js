import { html } from '../lib/html.js';
import { Check } from './icons.js';
import { Timestamp } from './timestamp.js';

/**
 * @param {{items: import('../data/types.js').ActionItem[] | null, missing: any, onSeek?: (seconds: number) => void}} props
 *   missing is shown if there are no action items
 */
export function ActionItems({ items, missing, onSeek }) {
	return html`
		<section>
			<h2>Action items</h2>
			${!items?.length ? missing : html`
				<ul class="todo">
					${items.map((item, index) => html`
						<li key=${index} class=${item.completed ? 'done' : ''}>
							<span class="box" aria-hidden="true">${item.completed && html`<${Check} />`}</span>
							<span>
								<span class="what" dir="auto">${item.description}</span>
								${item.completed && html`<span class="hidden"> (done)</span>`}
								<span class="muted">${item.assignee?.name && `${item.assignee.name} · `}<${Timestamp} at=${item.recording_timestamp} onSeek=${onSeek} /></span>
							</span>
						</li>`)}
				</ul>`}
		</section>`;
}
