// One meeting with its transcript and stored recording, kept up to date.
import { signal } from '../../vendor/signals.js';
import { messageOf, statusOf } from '../lib/errors.js';
import { isStale } from './live_records.js';
import { subscribe } from './subscribe.js';

/** @typedef {import('./types.js').MeetingRecord} MeetingRecord */
/** @typedef {import('./types.js').Transcript} Transcript */
/** @typedef {import('./types.js').Recording} Recording */

const fields = 'id,recording_id,title,meeting_type,recorded_at,duration,language,recorded_by,invitees,'
	+ 'fathom_url,summary,action_items,loom_url,created,updated';

export class MeetingDetails {
	meeting = signal(/** @type {MeetingRecord | null} */ (null));
	transcript = signal(/** @type {Transcript | null} */ (null));
	recording = signal(/** @type {Recording | null} */ (null));
	error = signal('');

	#db;
	#id;
	#stopped = false;
	#unsubscribe = () => {};

	/** @param {import('../../vendor/pocketbase.js').default} db @param {string} id */
	constructor(db, id) {
		this.#db = db;
		this.#id = id;
	}

	start() {
		this.#unsubscribe = subscribe(this.#db, `meetings/${this.#id}`, ({ action, record }) => {
			if (action === 'update') this.#replace(record);
		}, () => this.load(), { fields });
	}

	stop() {
		this.#stopped = true;
		this.#unsubscribe();
	}

	/** Loads everything. A failure is reported in `error`. */
	async load() {
		this.error.value = '';
		try {
			this.#replace(await this.#db.collection('meetings').getOne(this.#id, { fields }));
			await this.loadTransferred();
		} catch (error) {
			if (this.#stopped) return;
			this.error.value = statusOf(error) === 404 ? 'Meeting not found.' : messageOf(error);
		}
	}

	/** Loads what a transfer adds: the transcript, unless it is loaded already, and the recording. */
	async loadTransferred() {
		const meeting = this.meeting.value;
		if (!meeting) return;
		/** @param {string} collection @returns {Promise<any>} */
		const first = async (collection) => {
			const filter = this.#db.filter('recording_id = {:id}', { id: meeting.recording_id });
			return (await this.#db.collection(collection).getList(1, 1, { filter, skipTotal: true })).items[0] ?? null;
		};
		const [transcript, recording] = await Promise.all([this.transcript.value ?? first('transcripts'), first('recordings')]);
		if (this.#stopped) return;
		this.transcript.value = transcript;
		this.recording.value = recording?.file ? recording : null;
	}

	/**
	 * Returns a URL of the recording, which contains a token that expires.
	 * @param {Recording} recording
	 * @param {boolean} download
	 */
	async fileURL(recording, download) {
		const token = await this.#db.files.getToken();
		return this.#db.files.getURL(recording, recording.file, { token, ...(download && { download: true }) });
	}

	/** Deletes the stored recording. The summary and transcript are kept. */
	async deleteRecording() {
		const recording = this.recording.value;
		if (!recording) return;
		await this.#db.collection('recordings').delete(recording.id);
		this.recording.value = null;
	}

	/** @param {MeetingRecord} meeting */
	#replace(meeting) {
		const known = this.meeting.value;
		if (!this.#stopped && !(known && isStale(meeting, known))) this.meeting.value = meeting;
	}
}
