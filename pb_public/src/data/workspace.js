// All data of the signed-in user. It is created at sign-in and dropped at sign-out, so that no data
// of one user remains for the next.
import { signal } from '../../vendor/signals.js';
import { copiesIn } from '../lib/copy_time.js';
import { statusOf } from '../lib/errors.js';
import { parseLibraryQuery } from '../lib/library_query.js';
import { canUpload } from '../lib/loom_connection.js';
import { route } from '../lib/router.js';
import { transferState } from '../lib/transfer_state.js';
import { waitText } from '../lib/wait_text.js';
import { BrowserNotifications } from './browser_notifications.js';
import { pb, reachability, UserDatabase } from './clients.js';
import { Jobs } from './jobs.js';
import { LiveRecords } from './live_records.js';
import { LoomFolders } from './loom_folders.js';
import { MeetingList } from './meeting_list.js';
import { MeetingLookup } from './meeting_lookup.js';
import { MeetingSearch } from './meeting_search.js';
import { Posters } from './posters.js';
import { Preferences } from './preferences.js';
import { Selection } from './selection.js';
import { loadServerInfo, serverInfo } from './server_info.js';
import { SharedStreams } from './shared_streams.js';
import { StorageUse } from './storage_use.js';
import { Transfers } from './transfers.js';
import { WaitingTransfers } from './waiting_transfers.js';

/** @typedef {import('./types.js').DatabaseSession} DatabaseSession */
/** @typedef {import('./types.js').Connection} Connection */
/** @typedef {import('./types.js').LibraryItem} LibraryItem */

export class Workspace {
	#sharedStreams;

	/**
	 * @param {import('../../vendor/pocketbase.js').RecordModel} user
	 * @param {DatabaseSession} databaseSession
	 * @param {() => Promise<void>} renew
	 */
	constructor(user, databaseSession, renew) {
		this.user = user;
		/** Whether the user's address is confirmed, which may happen in another tab. See checkVerified. */
		this.isVerified = signal(Boolean(user.verified));
		this.db = new UserDatabase(databaseSession, renew);
		this.#sharedStreams = new SharedStreams(user.id, { global: pb, database: this.db });
		this.#sharedStreams.onInterruption = () => reachability.suspect();
		this.streams = { global: this.#sharedStreams.stream('global'), database: this.#sharedStreams.stream('database') };
		this.jobs = new Jobs(pb, this.streams.global);
		/** @param {LibraryItem[]} items */
		const onItems = (items) => {
			this.lookup.add(items);
			this.transfers.add(items);
		};
		this.meetings = new MeetingList(this.db, this.streams.database, onItems);
		this.lookup = new MeetingLookup(this.db, (items) => this.transfers.add(items));
		this.selection = new Selection(this.meetings, (id) => this.#phaseOf(id));
		this.meetings.onDelete = (id) => this.selection.remove(id);
		this.meetings.onResume = () => this.selection.forgetDeleted((ids) => this.lookup.read(ids)).catch(() => {}); // repeated after the next interruption
		/** What the last request to copy several meetings of the library did, until something else is selected or the user dismisses it. */
		this.copied = signal(/** @type {import('./types.js').BulkTransfers | null} */ (null));
		this.selection.onBegin = () => {
			this.copied.value = null;
		};
		this.search = new MeetingSearch(this.db);
		this.posters = new Posters(this.db);
		this.storage = new StorageUse(this.db);

		const connections = this.db.collection('connections');
		/** @type {LiveRecords<Connection>} */
		this.connections = new LiveRecords(this.streams.database, 'connections', () => connections.getFullList(), { atOnce: true });

		this.preferences = new Preferences(this.db, this.streams.database);
		this.loomFolders = new LoomFolders(this.db);

		this.transfers = new Transfers(this.db, this.streams.database, this.jobs);
		this.waiting = new WaitingTransfers(this.db, this.streams.database);
		/** Created by the page. @type {import('./upload_desk.js').UploadDesk | undefined} */
		this.desk = undefined;
		this.transfers.isListed = (recordingID) => this.meetings.items.peek().some(({ recording_id: id }) => id === recordingID);
		this.transfers.onStatus = () => this.meetings.refreshSoon();
		this.notifications = new BrowserNotifications(this.streams.database, async (recordingID) => (await this.lookup.read([recordingID]))[0]);
	}

	/** The latest copies of meetings that are loaded. */
	get latestCopies() {
		return copiesIn(this.jobs.all, new Map(this.meetings.items.value.map(({ recording_id: id, duration }) => [id, duration])));
	}

	/** The transfers that wait for the user. */
	get yourTurn() {
		return this.waiting.items.value;
	}

	/** Whether the user uploads recordings to Loom at present. */
	get uploadsByHand() {
		return this.yourTurn.length > 0 || (!canUpload(this.loom) && !this.requiresLoom);
	}

	/** The recordings that wait for the user only because the server could not upload them. */
	get waitingUploads() {
		const { transferring } = this.jobs;
		return this.yourTurn.filter(({ recording_id: id, handover }) => !handover && !transferring.value.has(id)).map(({ recording_id: id }) => id);
	}

	get #parts() {
		return [this.connections, this.preferences, this.meetings, this.transfers, this.waiting, this.jobs, this.notifications];
	}

	open() {
		loadServerInfo();
		if (route.value.page === 'meetings') this.meetings.show(parseLibraryQuery(route.value.query ?? ''));
		for (const part of this.#parts) part.start();
		this.#sharedStreams.start();
	}

	close() {
		for (const part of this.#parts) part.stop();
		this.desk?.stop();
		this.#sharedStreams.stop();
	}

	/** Finds out whether the user's address has been confirmed. */
	async checkVerified() {
		this.isVerified.value = (await pb.collection('users').getOne(this.user.id, { fields: 'verified' })).verified;
	}

	/** The connection to Fathom, if there is one. */
	get fathom() {
		return this.connections.find((connection) => connection.provider === 'fathom');
	}

	/** The connection through which the server finds and checks the user's videos at Loom, if there is one. */
	get loomReader() {
		return this.connections.find((connection) => connection.provider === 'loom');
	}

	/** The connection to Loom, if there is one and the server uploads through connections. */
	get loom() {
		return serverInfo.value.loomUploader === 'handover' ? undefined : this.loomReader;
	}

	/** How videos get to Loom, unless a rule says otherwise. @returns {import('../lib/loom_options.js').Delivery} */
	get delivery() {
		if (canUpload(this.loom)) return { by: 'server', visibility: this.preferences.get('loom')?.visibility ?? 'owner' };
		return { by: this.requiresLoom ? 'nobody' : 'user' };
	}

	/** Whether transfers to Loom fail without a connection that can upload. */
	get requiresLoom() {
		return serverInfo.value.loomUploader === 'atlassian';
	}

	/** The transfer of a recording; undefined until it is known. @param {number} recordingID */
	transferOf(recordingID) {
		this.lookup.want(recordingID);
		return this.transfers.byRecording.value.get(recordingID);
	}

	/**
	 * The state of the transfer of a recording at a time in milliseconds since the epoch, with why it waits.
	 * @param {number} recordingID
	 * @param {number} [now]
	 */
	stateOf(recordingID, now) {
		const transfer = this.transferOf(recordingID);
		const job = this.#jobOf(transfer);
		return transferState(transfer, job, waitText(job, this.jobs, now));
	}

	/** The phase alone, which takes less time: thousands of meetings may be selected. @param {number} recordingID */
	#phaseOf(recordingID) {
		const transfer = this.transferOf(recordingID);
		return transferState(transfer, this.#jobOf(transfer)).phase;
	}

	/** @param {import('./types.js').Transfer | undefined} transfer */
	#jobOf(transfer) {
		return transfer && this.jobs.records.value.get(transfer.job);
	}

	/**
	 * Transfers several meetings, except for those that are transferred already.
	 * @param {import('./types.js').MeetingSelection} selection
	 * @param {import('./types.js').TransferChoice & {dryRun?: boolean, atMost?: number}} [choice] dryRun: only find out what would be done;
	 *   atMost: how many meetings the user saw, more than which the server refuses if it selects them
	 * @returns {Promise<import('./types.js').BulkTransfers>}
	 */
	async transferMany(selection, { deliver = true, byHand = false, visibility, folder, dryRun = false, atMost } = {}) {
		const body = { ...selection, deliver, by_hand: byHand, visibility, folder, dry_run: dryRun, ...('library' in selection && { at_most: atMost }) };
		try {
			const result = await this.db.send('/api/transfers', { method: 'POST', body });
			if (!dryRun) await this.jobs.reload();
			return result;
		} catch (error) {
			if (statusOf(error) === 409) this.meetings.refresh(); // there are more than the user saw
			throw error;
		}
	}

	/**
	 * Transfers several meetings of the library, whose page then says what happened.
	 * @param {import('./types.js').MeetingSelection} selection
	 * @param {number} count how many the user saw
	 * @param {import('./types.js').TransferChoice} choice
	 */
	async copySelection(selection, count, choice) {
		this.copied.value = null;
		this.copied.value = await this.transferMany(selection, { ...choice, atMost: count });
	}
}
