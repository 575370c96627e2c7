import { html } from '../lib/html.js';
import { Timestamp } from './timestamp.js';

/**
 * @param {{items: import('../data/types.js').Highlight[] | null, missing: any, onSeek?: (seconds: number) => void}} props
 *   missing is shown if there are no highlights
 */
export function Highlights({ items, missing, onSeek }) {
	return html`
		<section>
			<h2>Highlights</h2>
			${!items?.length ? missing : html`
				<ul class="highlights">
					${items.map((item, index) => html`
						<li key=${index}>
							<span class="what" dir="auto">${item.summary || item.text}</span>
							<span class="muted">${item.type && `${item.type} · `}<${Timestamp} at=${Math.max(0, item.start_time || 0)} onSeek=${onSeek} /></span>
						</li>`)}
				</ul>`}
		</section>`;
}
