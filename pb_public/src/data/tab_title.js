// The title and the icon of the browser's tab, which also show what is in progress.
import { effect } from '../../vendor/signals.js';
import { appURL } from '../lib/app_url.js';
import { countText } from '../lib/format.js';
import { pageTitle } from '../lib/page_title.js';
import { session } from './session.js';

/** Keeps the title and the icon up to date. */
export function followTitle() {
	effect(() => {
		const { value: current } = session;
		const progress = current.phase === 'ready' ? progressTitle(current.workspace.jobs.transferring.value, (id) => current.workspace.stateOf(id)) : '';
		document.title = [progress, pageTitle.value, 'Fathom-to-Loom'].filter(Boolean).join(' · ');
		const icon = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel=icon]'));
		const address = `${appURL()}/${progress ? 'favicon-busy.svg' : 'favicon.svg'}`;
		if (icon && icon.href !== address) icon.href = address;
	});
}

/**
 * What the tab says of copies in progress: of one its state, of several their number.
 * @param {ReadonlySet<number>} recordings the recordings that are copied
 * @param {(recordingID: number) => {label: string}} stateOf
 */
export function progressTitle(recordings, stateOf) {
	const [first] = recordings;
	if (recordings.size <= 1) return recordings.size ? stateOf(first).label : '';
	return countText(recordings.size, 'copy', 'copies');
}
