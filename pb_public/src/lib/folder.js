// Writing files into a folder of the user's computer, with the File System Access API.

/** Reports whether the browser lets pages write into a folder that the user chooses. */
export const canChooseFolder = () => 'showDirectoryPicker' in globalThis;

/** Asks for a folder; null if the user chooses none. It must be called at once in the handler of a click. @returns {Promise<FileSystemDirectoryHandle | null>} */
export async function chooseFolder() {
	try {
		return await /** @type {any} */ (globalThis).showDirectoryPicker({ id: 'fathom-to-loom', mode: 'readwrite', startIn: 'downloads' });
	} catch (error) {
		if (/** @type {any} */ (error)?.name === 'AbortError') return null;
		throw error;
	}
}

/**
 * Writes a file into a folder, unless it is there. The file appears under its name when it is complete. What exists
 * under that name with another size is left alone.
 * @param {FileSystemDirectoryHandle} folder
 * @param {{name: string, size: number}} file
 * @param {() => Promise<ReadableStream<Uint8Array>>} open
 * @param {{signal: AbortSignal, onBytes: (bytes: number) => void}} options onBytes is told the bytes written so far
 */
export async function writeFile(folder, { name, size }, open, { signal, onBytes }) {
	const present = await sizeIn(folder, name);
	if (present === size) return;
	if (present) throw new Error(`Another file named “${name}” is in this folder. Move it away, or choose another folder.`);
	signal.throwIfAborted();
	const content = await open();
	let isWritten = false;
	try {
		const handle = await folder.getFileHandle(name, { create: true });
		const target = await handle.createWritable();
		await content.pipeThrough(counting(onBytes)).pipeTo(target, { signal });
		const written = (await handle.getFile()).size;
		if (written !== size) throw new Error(`Only ${written} of ${size} bytes of “${name}” arrived. Try again.`);
		isWritten = true;
	} finally {
		if (!isWritten) {
			content.cancel().catch(() => {}); // it may be closed, or locked by the pipe
			await folder.removeEntry(name).catch(() => {}); // the empty file that was created for it
		}
	}
}

/** The size of a file in a folder; 0 if there is none. @param {FileSystemDirectoryHandle} folder @param {string} name */
async function sizeIn(folder, name) {
	try {
		return (await (await folder.getFileHandle(name)).getFile()).size;
	} catch (error) {
		switch (/** @type {any} */ (error)?.name) {
			case 'NotFoundError': return 0;
			case 'TypeError': throw new Error(`Your browser doesn’t allow the file name “${name}”. Download the file on the page of its meeting.`, { cause: error });
			default: throw error;
		}
	}
}

/** @param {(bytes: number) => void} onBytes */
function counting(onBytes) {
	let bytes = 0;
	return new TransformStream({
		transform(/** @type {Uint8Array} */ chunk, controller) {
			bytes += chunk.byteLength;
			onBytes(bytes);
			controller.enqueue(chunk);
		},
	});
}

/** Reports whether an error would also meet the files that follow: the server, the folder or the disk is the cause. @param {any} error */
export const concernsAll = (error) => ['TypeError', 'NetworkError', 'QuotaExceededError'].includes(error?.name) || error?.status === 0 || losesFolder(error);

/** Reports whether an error means that the folder can't be used again. @param {any} error */
export const losesFolder = (error) => ['NotAllowedError', 'SecurityError', 'NotFoundError'].includes(error?.name);

/** What to do about an error, as sentences. @param {any} error */
export function savingProblem(error) {
	switch (error?.name) {
		case 'TypeError':
		case 'NetworkError': return 'The connection to the server was lost. What is saved stays; save the others when you are online again.';
		case 'QuotaExceededError': return 'The disk is full. Make room, then save the others.';
		case 'NotAllowedError':
		case 'SecurityError': return 'Your browser doesn’t allow writing to this folder. Choose another one.';
		case 'NotFoundError': return 'The folder is no longer there. Choose another one.';
		default: return '';
	}
}
