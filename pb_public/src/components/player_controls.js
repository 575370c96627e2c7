import { copyText } from '../lib/copy_text.js';
import { momentText } from '../lib/format.js';
import { html } from '../lib/html.js';
import { skip, skipped } from '../lib/media_control.js';
import { choosePlayback, playback, rates } from '../lib/playback.js';
import { momentHref } from '../lib/router.js';
import { ofMeeting } from '../lib/shortcuts.js';
import { Button } from './button.js';
import { KeysSwitch } from './keys_switch.js';
import { ShortcutList } from './shortcut_list.js';

/** What the player of a browser doesn't offer. @param {{media: HTMLMediaElement | null, id: string, hasCaptions: boolean}} props id is the meeting's */
export function PlayerControls({ media, id, hasCaptions }) {
	const { rate, captions } = playback.value;
	const copyLink = () => {
		const at = Math.floor(media?.currentTime ?? 0);
		return copyText(momentHref(id, at), `The link to ${momentText(at)} is copied.`);
	};
	return html`
		<div class="player-controls" role="group" aria-label="Player">
			<${Button} kind="quiet small" aria-label=${`−${skipped} s: back`} onClick=${() => media && skip(media, -1)}>−${skipped} s</${Button}>
			<${Button} kind="quiet small" aria-label=${`+${skipped} s: forward`} onClick=${() => media && skip(media, 1)}>+${skipped} s</${Button}>
			<select aria-label="Speed" value=${String(rate)} onChange=${(/** @type {any} */ event) => choosePlayback({ rate: Number(event.currentTarget.value) })}>
				${rates.map((value) => html`<option key=${value} value=${String(value)}>${value}×</option>`)}
			</select>
			${hasCaptions && html`
				<${Button} kind="quiet small" aria-pressed=${captions ? 'true' : 'false'} onClick=${() => choosePlayback({ captions: !captions })}>Captions</${Button}>`}
			<${Button} kind="quiet small" aria-label="Copy link to this moment" onClick=${copyLink}>Copy link</${Button}>
			<details class="keys">
				<summary>Keys</summary>
				<${ShortcutList} shortcuts=${ofMeeting} />
				<${KeysSwitch} />
			</details>
		</div>`;
}
