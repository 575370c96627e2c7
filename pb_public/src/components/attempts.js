import { clockText, countText, dayText, durationText, parseDate } from '../lib/format.js';
import { html } from '../lib/html.js';

/** @typedef {import('../data/types.js').Attempt} Attempt */

/** @type {Record<string, string>} */
const outcomes = {
	completed: 'Completed',
	failed: 'Failed',
	dead: 'Failed permanently',
	cancelled: 'Cancelled',
	interrupted: 'Interrupted by a server crash',
};

/** The runs of a job, the latest first. @param {{attempts: Attempt[]}} props */
export function Attempts({ attempts }) {
	if (!attempts.length) return null;
	return html`
		<details>
			<summary>${countText(attempts.length, 'attempt')}</summary>
			<ol class="attempts">
				${attempts.toReversed().map((attempt) => html`
					<li key=${attempt.started}>
						<p class="muted">${dayText(attempt.started)}, ${clockText(attempt.started)} · ${attemptDuration(attempt)}</p>
						<p>${outcomes[attempt.outcome] ?? attempt.outcome}.${attempt.error && ` ${attempt.error}`}</p>
					</li>`)}
			</ol>
		</details>`;
}

/** @param {Attempt} attempt */
function attemptDuration({ started, ended }) {
	const seconds = (Number(parseDate(ended)) - Number(parseDate(started))) / 1000;
	return durationText(Math.ceil(seconds)) || 'less than 1 s';
}
