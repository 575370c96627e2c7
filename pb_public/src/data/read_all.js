// Reads a whole collection in pages.

const parallel = 3; // requests; a browser allows six at a time over HTTP/1.1, and streams need two
const maxAttempts = 3;

/**
 * Reads all records of a collection. Records that are added meanwhile may be missing.
 * @param {import('../../vendor/pocketbase.js').RecordService} collection
 * @param {number} pageSize in records; the server may return fewer
 * @param {import('../../vendor/pocketbase.js').RecordListOptions} [options]
 * @returns {Promise<any[]>}
 */
export async function readAll(collection, pageSize, options) {
	for (let attempt = 1; ; attempt++) {
		// In the order of insertion, new records don't move the others to different pages.
		const read = (/** @type {number} */ page) => collection.getList(page, pageSize, { sort: '@rowid', ...options });
		const first = await read(1);
		const pages = [first];
		let next = 2;
		await Promise.all(Array.from({ length: parallel }, async () => {
			while (next <= first.totalPages) pages.push(await read(next++));
		}));
		// A deleted record moves those after it, so that one of them may be missing.
		const isMoved = pages.some(({ totalItems }) => totalItems < first.totalItems);
		if (!isMoved || attempt === maxAttempts) return pages.flatMap(({ items }) => items);
	}
}
