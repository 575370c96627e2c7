// Everything of one signed-in person. It is made at sign-in and dropped at
// sign-out, so that nothing of one person is left for the next.
import { computed } from '../vendor/signals.js';
import { pb, UserDatabase } from './clients.js';
import { Jobs } from './queue.js';
import { LiveRecords } from './live_records.js';
import { MeetingList } from './meeting_list.js';

/** @typedef {import('./types.js').DatabaseConnection} DatabaseConnection */
/** @typedef {import('./types.js').Connection} Connection */
/** @typedef {import('./types.js').Transfer} Transfer */

export class Workspace {
	/**
	 * @param {import('../vendor/pocketbase.js').RecordModel} user
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
	}

	open() {
		for (const part of [this.connections, this.meetings, this.transfers, this.jobs]) part.start();
	}

	close() {
		for (const part of [this.connections, this.meetings, this.transfers, this.jobs]) part.stop();
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
}
