/**
 * Returns a URL of a recording, which contains a token that expires.
 * @param {import('../../vendor/pocketbase.js').default} db
 * @param {Pick<import('./types.js').Recording, 'id'|'file'|'collectionId'|'collectionName'>} recording
 * @param {{download?: boolean, proxy?: boolean}} [options] proxy: the server sends the file itself, even if it is in S3
 */
export async function recordingURL(db, recording, { download = false, proxy = false } = {}) {
	const token = await db.files.getToken();
	return db.files.getURL(recording, recording.file, { token, ...(download && { download: true }), ...(proxy && { proxy: 1 }) });
}
