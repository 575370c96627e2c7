// The recordings that wait for the user to upload them to Loom, with what the user needs of each: the page "To upload".
import { computed, signal } from '../../vendor/signals.js';
import { messageOf } from '../lib/errors.js';
import { titleText } from '../lib/meeting_title.js';
import { deleteRecordings } from './delete_recordings.js';
import { FileSaving } from './file_saving.js';
import { PastedLinks } from './pasted_links.js';
import { readAll } from './read_all.js';
import { recordingURL } from './recording_url.js';
import { SavedFiles } from './saved_files.js';
import { waitingFilter } from './waiting_transfers.js';

/** @typedef {import('./types.js').Recording} Recording */

/**
 * A recording that waits, or has been delivered since the page was opened. id is that of the transfer; without `recording`, the
 * copy here was deleted.
 * @typedef {{id: string, recordingID: number, meeting: string, title: string, recordedAt: string, duration: number, fileName: string,
 *   size: number, note: string, updated: string, recording: Recording | null, isDelivered: boolean}} HandOver
 */

const pageSize = 200;
const maxNamed = 50; // transfers in one filter

const expand = 'meeting.recordings_via_meeting';
const recordingFields = ['id', 'file', 'size', 'collectionId', 'collectionName'].map((name) => `expand.meeting.expand.recordings_via_meeting.${name}`);
const fields = ['id', 'recording_id', 'meeting', 'file_name', 'bytes_total', 'note', 'updated', 'expand.meeting.title', 'expand.meeting.recorded_at',
	'expand.meeting.duration', ...recordingFields].join();

export class UploadDesk {
	loaded = signal(false);
	error = signal('');

	#db;
	#waiting;
	#details = signal(/** @type {ReadonlyMap<string, Omit<HandOver, 'isDelivered'>>} */ (new Map()));
	/** The transfers that were delivered since the page was opened. */
	#delivered = signal(/** @type {ReadonlySet<string>} */ (new Set()));
	/** @type {Promise<void> | null} */
	#loading = null;

	/** @param {import('./workspace.js').Workspace} workspace */
	constructor({ db, waiting }) {
		this.#db = db;
		this.#waiting = waiting;
		this.saved = new SavedFiles(db.name);
		this.saving = new FileSaving(this.saved, (item, options) => recordingURL(db, /** @type {Recording} */ (item.recording), options));
		this.links = new PastedLinks(db, (id) => this.#noteDelivered(id));
		waiting.onDelivered = ({ id }) => this.#noteDelivered(id);

		/** The newest first. */
		this.items = computed(() => {
			const waits = new Set(waiting.items.value.map(({ id }) => id));
			return [...this.#details.value.values()].map((item) => ({ ...item, isDelivered: this.#delivered.value.has(item.id) }))
				.filter(({ id, isDelivered }) => isDelivered || waits.has(id))
				.sort((a, b) => b.recordedAt.localeCompare(a.recordedAt));
		});
		this.waiting = computed(() => this.items.value.filter(({ isDelivered }) => !isDelivered));
		this.delivered = computed(() => this.items.value.filter(({ isDelivered }) => isDelivered));
		/** Those of which this page knows nothing, or not the newest. */
		this.missing = computed(() => waiting.items.value.filter(({ id, updated }) => (this.#details.value.get(id)?.updated ?? '') < updated).map(({ id }) => id));
	}

	stop() {
		this.saving.cancel();
		this.#waiting.onDelivered = () => {};
	}

	/** Loads what is missing. A failure is reported in `error`. */
	async load() {
		this.#loading ??= this.#load().finally(() => {
			this.#loading = null;
		});
		await this.#loading;
	}

	async #load() {
		this.error.value = '';
		const missing = this.missing.value;
		try {
			const filter = missing.length > maxNamed ? waitingFilter : missing.map((id) => this.#db.filter('id = {:id}', { id })).join(' || ');
			const records = missing.length ? await readAll(this.#db.collection('transfers'), pageSize, { filter, expand, fields }) : [];
			this.#details.value = new Map([...this.#details.value, ...records.map((record) => /** @type {const} */ ([record.id, handOver(record)]))]);
			this.#delivered.value = new Set([...this.#delivered.value].filter((id) => !missing.includes(id))); // they wait again
			this.saved.keepOnly(this.items.value.map(({ recordingID }) => recordingID));
			this.loaded.value = true;
		} catch (error) {
			this.error.value = messageOf(error);
		}
	}

	/** Deletes the copies of what is on Loom. */
	async deleteCopies() {
		const stored = this.delivered.value.flatMap(({ recording }) => (recording ? [recording.id] : []));
		await deleteRecordings(this.#db, stored, (deleted) => {
			this.#details.value = new Map([...this.#details.value].map(([id, item]) => [id, item.recording?.id === deleted ? { ...item, recording: null } : item]));
		});
	}

	/** @param {string} id of a transfer */
	#noteDelivered(id) {
		if (this.#details.value.has(id)) this.#delivered.value = new Set(this.#delivered.value).add(id);
	}
}

/** @param {any} record of a transfer @returns {Omit<HandOver, 'isDelivered'>} */
function handOver({ id, recording_id: recordingID, meeting, file_name: fileName, bytes_total: total, note, updated, expand: { meeting: { title, recorded_at: recordedAt, duration, expand: more } } }) {
	const recording = more?.recordings_via_meeting?.find((/** @type {Recording} */ { file }) => file) ?? null;
	return { id, recordingID, meeting, title: titleText(title), recordedAt, duration, fileName, size: recording?.size ?? total, note, updated, recording };
}
