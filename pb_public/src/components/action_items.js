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
						<li key=${index}>
							<span class="what" dir="auto">${item.description}</span>
							<span class="muted">
								${item.completed && html`<span class="finished"><${Check} />Done</span>${' · '}`}
								${item.assignee?.name && html`<bdi>${item.assignee.name}</bdi>${' · '}`}<${Timestamp} at=${item.recording_timestamp} onSeek=${onSeek} />
							</span>
						</li>`)}
				</ul>`}
		</section>`;
}
