// Everything of one signed-in person. It is made at sign-in and dropped at
// sign-out, so that nothing of one person is left for the next.
import { computed } from '../../vendor/signals.js';
import { pb, UserDatabase } from './clients.js';
import { Jobs } from './jobs.js';
import { LiveRecords } from './live_records.js';
import { fields, MeetingList } from './meeting_list.js';

/** @typedef {import('./types.js').DatabaseConnection} DatabaseConnection */
/** @typedef {import('./types.js').Connection} Connection */
/** @typedef {import('./types.js').Transfer} Transfer */
/** @typedef {import('./types.js').MeetingName} MeetingName */

export class Workspace {
	/**
	 * @param {import('../../vendor/pocketbase.js').RecordModel} user
	 * @param {DatabaseConnection} connection
	 * @param {() => Promise<void>} renew
	 */
	constructor(user, connection, renew) {
		this.user = user;
		this.db = new UserDatabase(connection, renew);
		this.jobs = new Jobs(pb);
		this.meetings = new MeetingList(this.db);

		const connections = this.db.collection('connections');
		/** @type {LiveRecords<Connection>} */
		this.connections = new LiveRecords(this.db, 'connections', () => connections.getFullList());

		const transfers = this.db.collection('transfers');
		/** @type {LiveRecords<Transfer>} */
		this.transfers = new LiveRecords(this.db, 'transfers', () => transfers.getFullList({ batch: 500 }));
		this.byRecording = computed(() => new Map(
			[...this.transfers.records.value.values()].map((transfer) => [transfer.recording_id, transfer]),
		));

		const meetings = this.db.collection('meetings');
		/** All meetings, where the list has some. @type {LiveRecords<MeetingName>} */
		this.names = new LiveRecords(this.db, 'meetings', () => meetings.getFullList({
			batch: 500, sort: '-recorded_at,id', fields: 'id,recording_id,title,created,updated',
		}), { fields });
		this.nameByRecording = computed(() => new Map(
			[...this.names.records.value.values()].map((meeting) => [meeting.recording_id, meeting]),
		));
		/** The recordings nobody has asked to transfer, or no longer; newest first. */
		this.untransferred = computed(() => {
			const known = [this.names, this.transfers, this.jobs].every((part) => part.loaded.value);
			return known ? [...this.nameByRecording.value.keys()].filter((id) => this.#isUntransferred(id)) : [];
		});
	}

	get #parts() {
		return [this.connections, this.meetings, this.names, this.transfers, this.jobs];
	}

	open() {
		for (const part of this.#parts) part.start();
	}

	close() {
		for (const part of this.#parts) part.stop();
		for (const client of [pb, this.db]) client.realtime.unsubscribe().catch(() => {});
	}

	/** The connection to Fathom, if there is one. */
	get fathom() {
		return this.connections.find((connection) => connection.provider === 'fathom');
	}

	/** @param {number} recordingID */
	transferOf(recordingID) {
		return this.byRecording.value.get(recordingID);
	}

	/** @param {number} recordingID */
	#isUntransferred(recordingID) {
		const status = this.transferOf(recordingID)?.status;
		return (!status || status === 'cancelled') && !this.jobs.transferring.value.has(recordingID);
	}
}
