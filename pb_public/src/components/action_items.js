import { html } from '../lib/html.js';
import { missingPartText } from '../lib/part_text.js';
import { Check } from './icons.js';
import { Timestamp } from './timestamp.js';

/** @param {{items: import('../data/types.js').ActionItem[] | null, state?: import('../data/types.js').PartState, onSeek?: (seconds: number) => void}} props */
export function ActionItems({ items, state, onSeek }) {
	if (!items?.length && state === 'waiting') return html`<section><h2>Action items</h2><p class="muted">${missingPartText(state, 'action items')}</p></section>`;
	if (!items?.length) return null;
	return html`
		<section>
			<h2>Action items</h2>
			<ul class="todo">
				${items.map((item, index) => html`
					<li key=${index} class=${item.completed ? 'done' : ''}>
						<span class="box" aria-hidden="true">${item.completed && html`<${Check} />`}</span>
						<span>
							<span class="what">${item.description}</span>
							${item.completed && html`<span class="hidden"> (done)</span>`}
							<span class="muted">${item.assignee?.name && `${item.assignee.name} · `}<${Timestamp} at=${item.recording_timestamp} onSeek=${onSeek} /></span>
						</span>
					</li>`)}
			</ul>
		</section>`;
}
