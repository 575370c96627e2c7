// The meetings before and after one in the order of the list, which begins with the newest.

/** @typedef {{id: string, title: string}} Neighbour */
/** @typedef {{previous: Neighbour | null, next: Neighbour | null}} Neighbours */

/**
 * Reads the neighbours of a meeting.
 * @param {import('../../vendor/pocketbase.js').default} db
 * @param {{id: string, recorded_at: string}} meeting
 * @returns {Promise<Neighbours>}
 */
export async function readNeighbours(db, { id, recorded_at: at }) {
	/** @param {string} filter @param {string} sort @returns {Promise<any>} */
	const first = async (filter, sort) => {
		const page = await db.collection('meetings').getList(1, 1, { fields: 'id,title', filter: db.filter(filter, { at, id }), sort, skipTotal: true });
		return page.items[0] ?? null;
	};
	const [previous, next] = await Promise.all([
		first('recorded_at > {:at} || (recorded_at = {:at} && id < {:id})', 'recorded_at,-id'),
		first('recorded_at < {:at} || (recorded_at = {:at} && id > {:id})', '-recorded_at,id'),
	]);
	return { previous, next };
}
