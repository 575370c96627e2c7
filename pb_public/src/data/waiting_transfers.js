// The transfers that wait for the user to upload their file to Loom. They are few, unlike all transfers.
import { computed } from '../../vendor/signals.js';
import { LiveRecords } from './live_records.js';
import { readAll } from './read_all.js';

/** @typedef {Pick<import('./types.js').Transfer, 'id'|'recording_id'|'status'|'handover'|'bytes_total'|'created'|'updated'>} WaitingTransfer */

export const waitingFilter = 'status = "awaiting_share_url"';
const pageSize = 500;

/** @extends {LiveRecords<WaitingTransfer>} */
export class WaitingTransfers extends LiveRecords {
	/** Called with each transfer that is delivered. @type {(transfer: WaitingTransfer) => void} */
	onDelivered = () => {};

	/**
	 * @param {import('./clients.js').UserDatabase} db
	 * @param {import('./shared_streams.js').Stream} stream
	 */
	constructor(db, stream) {
		super(stream, 'transfers', () => readAll(db.collection('transfers'), pageSize, {
			filter: waitingFilter, fields: 'id,recording_id,status,handover,bytes_total,created,updated',
		}));
		// Messages are about all transfers, also about those that wait no longer.
		this.onChange = (/** @type {WaitingTransfer | undefined} */ transfer) => {
			if (transfer?.status === 'delivered') this.onDelivered(transfer);
		};
		this.items = computed(() => [...this.records.value.values()].filter(({ status }) => status === 'awaiting_share_url'));
	}
}
