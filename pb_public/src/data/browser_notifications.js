// Notices shown by the browser, also while the app is in the background.
import { signal } from '../../vendor/signals.js';
import { activityHref, meetingHref, navigate } from '../lib/router.js';
import { subscribe } from './subscribe.js';

/** @typedef {import('./types.js').NoticeRecord} NoticeRecord */

const key = 'browser-notifications';

/** Whether this browser can show notifications. It can't on plain HTTP. */
const isSupported = () => 'Notification' in globalThis;

/** @typedef {'on'|'off'|'blocked'|'unsupported'} NotificationState blocked: the browser refuses notifications of this site */

/** @returns {NotificationState} */
function stateNow() {
	if (!isSupported()) return 'unsupported';
	if (Notification.permission === 'denied') return 'blocked';
	return Notification.permission === 'granted' && localStorage.getItem(key) === 'on' ? 'on' : 'off';
}

export class BrowserNotifications {
	state = signal(stateNow());

	#stream;
	#meetingOf;
	#unsubscribe = () => {};

	/**
	 * @param {import('./shared_streams.js').Stream} stream of the user database
	 * @param {(recordingID: number) => Promise<{id: string} | undefined>} meetingOf
	 */
	constructor(stream, meetingOf) {
		this.#stream = stream;
		this.#meetingOf = meetingOf;
	}

	start() {
		this.#unsubscribe = subscribe(this.#stream, 'notices/*', ({ action, record }) => {
			if (action === 'create') this.#show(/** @type {any} */ (record));
		}, async () => {});
	}

	stop() {
		this.#unsubscribe();
	}

	/** Asks for the permission, and remembers the choice in this browser. @param {boolean} wanted */
	async choose(wanted) {
		if (wanted && isSupported()) await Notification.requestPermission();
		if (wanted) localStorage.setItem(key, 'on');
		else localStorage.removeItem(key);
		this.state.value = stateNow();
	}

	/** @param {NoticeRecord} notice */
	#show({ id, text, recording_id: recording }) {
		if (stateNow() !== 'on' || document.hasFocus()) return;
		const notification = new Notification('Fathom-to-Loom', { body: text, tag: id }); // several tabs show one
		notification.addEventListener('click', async () => {
			focus();
			const meeting = recording ? await this.#meetingOf(recording).catch(() => undefined) : undefined;
			navigate(meeting ? meetingHref(meeting.id) : activityHref());
			notification.close();
		});
	}
}
