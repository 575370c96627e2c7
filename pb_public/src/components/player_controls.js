import { copyText } from '../lib/copy_text.js';
import { momentText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { skip, skipped } from '../lib/media_control.js';
import { choosePlayback, playback, rates } from '../lib/playback.js';
import { momentHref } from '../lib/router.js';
import { Button } from './button.js';
import { CheckBox } from './check_box.js';

/** What the player of a browser doesn't offer. @param {{media: HTMLMediaElement | null, id: string, hasCaptions: boolean}} props id is the meeting's */
export function PlayerControls({ media, id, hasCaptions }) {
	const { rate, captions } = playback.value;
	const copyLink = () => {
		const at = Math.floor(media?.currentTime ?? 0);
		return copyText(momentHref(id, at), `The link to ${momentText(at)} is copied.`);
	};
	return html`
		<div class="player-controls" role="group" aria-label="Player">
			<${Button} kind="quiet" class="button quiet small" aria-label=${`−${skipped} s: back`} onClick=${() => media && skip(media, -1)}>−${skipped} s</${Button}>
			<${Button} kind="quiet" class="button quiet small" aria-label=${`+${skipped} s: forward`} onClick=${() => media && skip(media, 1)}>+${skipped} s</${Button}>
			<select aria-label="Speed" value=${String(rate)} onChange=${(/** @type {any} */ event) => choosePlayback({ rate: Number(event.currentTarget.value) })}>
				${rates.map((value) => html`<option key=${value} value=${String(value)}>${value}×</option>`)}
			</select>
			${hasCaptions && html`
				<${Button} kind="quiet" class="button quiet small" aria-pressed=${captions ? 'true' : 'false'} onClick=${() => choosePlayback({ captions: !captions })}>Captions</${Button}>`}
			<${Button} kind="quiet" class="button quiet small" aria-label="Copy link to this moment" onClick=${copyLink}>Copy link</${Button}>
			<${Keys} hasCaptions=${hasCaptions} />
		</div>`;
}

/** @param {{hasCaptions: boolean}} props */
function Keys({ hasCaptions }) {
	/** @type {[string, string][]} */
	const keys = [
		['J', `back ${skipped} seconds`], ['K', 'play or pause'], ['L', `forward ${skipped} seconds`], [', and .', 'slower and faster'],
		...(hasCaptions ? [/** @type {[string, string]} */ (['C', 'captions'])] : []), ['P and N', 'previous and next meeting'],
	];
	return html`
		<details class="keys">
			<summary>Keys</summary>
			<dl>${keys.map(([key, does]) => html`<div key=${key}><dt>${key}</dt><dd>${does}</dd></div>`)}</dl>
			<${CheckBox} label="Use these keys" checked=${playback.value.keys} onChange=${(/** @type {boolean} */ on) => choosePlayback({ keys: on })} />
		</details>`;
}
