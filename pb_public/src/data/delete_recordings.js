import { statusOf } from '../lib/errors.js';

/**
 * Deletes stored recordings by the ids of their records. One that is gone already doesn't keep the others from being deleted.
 * @param {import('../../vendor/pocketbase.js').default} db
 * @param {readonly string[]} ids
 * @param {(id: string) => void} [onDeleted] is called after each
 */
export async function deleteRecordings(db, ids, onDeleted = () => {}) {
	for (const id of ids) {
		try {
			await db.collection('recordings').delete(id);
		} catch (error) {
			if (statusOf(error) !== 404) throw error;
		}
		onDeleted(id);
	}
}
