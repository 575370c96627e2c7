import { html } from '../lib/html.js';
import { choosePlayback, playback } from '../lib/playback.js';
import { CheckBox } from './check_box.js';

/** Turns the shortcuts of single keys on or off in this browser. Some people press keys by accident, or speak them. */
export const KeysSwitch = () => html`
	<${CheckBox} label="Use single-key shortcuts" checked=${playback.value.keys} onChange=${(/** @type {boolean} */ on) => choosePlayback({ keys: on })} />`;
