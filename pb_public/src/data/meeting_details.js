// One meeting with its transcript and stored recording, kept up to date.
import { batch, signal } from '../../vendor/signals.js';
import { messageOf, statusOf } from '../lib/errors.js';
import { isStale } from './live_records.js';
import { fields as listedFields, recordingFields } from './meeting_list.js';
import { recordingURL } from './recording_url.js';
import { subscribe } from './subscribe.js';

/** @typedef {import('./types.js').MeetingRecord} MeetingRecord */
/** @typedef {import('./types.js').Transcript} Transcript */
/** @typedef {import('./types.js').Recording} Recording */
/** @typedef {import('./types.js').Chapter} Chapter */

const fields = 'id,recording_id,title,meeting_type,recorded_at,duration,language,recorded_by,invitees,'
	+ 'fathom_url,summary,action_items,highlights,parts,loom_url,poster,withdrawn_at,created,updated';

export class MeetingDetails {
	meeting = signal(/** @type {MeetingRecord | null} */ (null));
	transcript = signal(/** @type {Transcript | null} */ (null));
	recording = signal(/** @type {Recording | null} */ (null));
	/** Of the recording; none without one. */
	chapters = signal(/** @type {Chapter[]} */ ([]));
	/** The status of the transfer for which `transcript` and `recording` have been loaded. */
	loadedFor = signal('');
	/** Whether a first attempt to load everything has ended, so that the page can be shown without parts that follow. */
	ready = signal(false);
	error = signal('');
	/** Whether the meeting doesn't exist (any more). `error` says so. */
	isGone = signal(false);

	#db;
	#stream;
	#id;
	#stopped = false;
	#unsubscribe = () => {};
	#unsubscribeRecordings = () => {};
	#loads = 0;
	#status = '';

	/**
	 * @param {import('../../vendor/pocketbase.js').default} db
	 * @param {import('./shared_streams.js').Stream} stream
	 * @param {string} id
	 */
	constructor(db, stream, id) {
		this.#db = db;
		this.#stream = stream;
		this.#id = id;
	}

	/**
	 * The subscription is the one of the list, which tells only that the meeting has changed. With one of its
	 * own, every open tab would add a subscription to the shared stream, which has a limit.
	 */
	start() {
		this.#unsubscribe = subscribe(this.#stream, 'meetings/*', ({ action, record }) => {
			if (record.id !== this.#id) return;
			if (action === 'delete') this.#setDeleted();
			else this.load();
		}, () => this.load(), { fields: listedFields });
		this.#unsubscribeRecordings = subscribe(this.#stream, 'recordings/*', ({ record }) => {
			if (record.recording_id === this.meeting.value?.recording_id) this.loadTransferred().catch(() => {}); // repeated with the next message
		}, async () => {}, { fields: recordingFields }); // load() reads them
	}

	stop() {
		this.#stopped = true;
		this.#unsubscribe();
		this.#unsubscribeRecordings();
	}

	/** Deletes the meeting and everything that belongs to it. */
	async delete() {
		await this.#db.collection('meetings').delete(this.#id);
	}

	/** Loads everything. A failure is reported in `error`. */
	async load() {
		if (this.#stopped) return;
		this.error.value = '';
		this.isGone.value = false;
		try {
			this.#replace(await this.#db.collection('meetings').getOne(this.#id, { fields }));
			await this.loadTransferred();
		} catch (error) {
			if (this.#stopped) return;
			if (statusOf(error) !== 404) this.error.value = messageOf(error);
			else if (this.meeting.value) this.#setDeleted(); // while the stream was interrupted
			else this.#setGone('There is no meeting at this address. It may have been deleted.');
		}
	}

	/**
	 * Loads the transcript, unless it is loaded already, and what a transfer adds: the recording.
	 * @param {string} [status] of the transfer
	 */
	async loadTransferred(status = this.#status) {
		this.#status = status;
		const load = ++this.#loads;
		const meeting = this.meeting.value;
		if (!meeting) return;
		/** @param {string} collection @returns {Promise<any>} */
		const first = async (collection) => {
			const filter = this.#db.filter('recording_id = {:id}', { id: meeting.recording_id });
			return (await this.#db.collection(collection).getList(1, 1, { filter, skipTotal: true })).items[0] ?? null;
		};
		const isLatest = () => !this.#stopped && load === this.#loads;
		try {
			const [transcript, recording] = await Promise.all([this.transcript.value?.items?.length ? this.transcript.value : first('transcripts'), first('recordings')]);
			const stored = recording?.file ? recording : null;
			const chapters = stored && isLatest() ? await this.#readChapters() : [];
			if (!isLatest()) return;
			batch(() => { // together, because what comes later would move what is shown
				this.transcript.value = transcript;
				this.recording.value = stored;
				this.chapters.value = chapters;
				this.loadedFor.value = status;
			});
		} finally {
			if (isLatest()) this.ready.value = true;
		}
	}

	/** The chapters, which the server derives from the meeting. @returns {Promise<Chapter[]>} */
	async #readChapters() {
		return (await this.#db.send(`/api/meetings/${this.#id}/chapters`, { method: 'GET' })).chapters;
	}

	/** What is said in the recording, as WebVTT. @returns {Promise<string>} */
	async readCaptions() {
		const { text } = await this.#db.send(`/api/meetings/${this.#id}/captions.vtt`, { method: 'GET', fetch: fetchText });
		return text;
	}

	/**
	 * Returns a URL of the recording, which contains a token that expires.
	 * @param {Recording} recording
	 * @param {boolean} download
	 * @param {boolean} [proxy] whether the server sends the file itself, even if it is in S3
	 */
	async fileURL(recording, download, proxy = false) {
		return recordingURL(this.#db, recording, { download, proxy });
	}

	/** Saves a frame of the recording as the meeting's poster. @param {Blob} picture a JPEG */
	async savePoster(picture) {
		await this.#db.send(`/api/meetings/${this.#id}/poster`, { method: 'PUT', body: picture, headers: { 'Content-Type': 'image/jpeg' } });
	}

	/** Deletes the stored recording. The summary and transcript are kept. */
	async deleteRecording() {
		const recording = this.recording.value;
		if (!recording) return;
		await this.#db.collection('recordings').delete(recording.id);
		this.recording.value = null;
	}

	#setDeleted() {
		this.#stopped = true; // a late message must not bring it back
		this.meeting.value = null;
		this.#setGone('This meeting was deleted.');
	}

	/** @param {string} message */
	#setGone(message) {
		this.isGone.value = true;
		this.error.value = message;
	}

	/** @param {MeetingRecord} meeting */
	#replace(meeting) {
		const known = this.meeting.value;
		if (!this.#stopped && !(known && isStale(meeting, known))) this.meeting.value = meeting;
	}
}

/** Gets a text as the JSON that the client expects. @param {RequestInfo | URL} url @param {RequestInit} [options] */
async function fetchText(url, options) {
	const response = await fetch(url, options);
	return response.ok ? Response.json({ text: await response.text() }) : response;
}
