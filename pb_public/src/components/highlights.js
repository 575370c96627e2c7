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
							<span class="muted">${item.type && `${item.type} · `}<${Timestamp} at=${clock(item.start_time)} onSeek=${onSeek} /></span>
						</li>`)}
				</ul>`}
		</section>`;
}

/** @param {number} seconds @returns {string} HH:MM:SS */
function clock(seconds) {
	const whole = Math.max(0, Math.floor(seconds || 0));
	return [whole / 3600, (whole / 60) % 60, whole % 60].map((n) => String(Math.floor(n)).padStart(2, '0')).join(':');
}
