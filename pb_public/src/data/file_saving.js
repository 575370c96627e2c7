// Saving the files of several recordings on the user's computer, one after another.
import { signal } from '../../vendor/signals.js';
import { announce } from '../lib/announce.js';
import { addSample, rateOf } from '../lib/byte_rate.js';
import { messageOf } from '../lib/errors.js';
import { concernsAll, losesFolder, savingProblem, writeFile } from '../lib/folder.js';
import { countText } from '../lib/format.js';
import { saveFile } from '../lib/save_file.js';

/** @typedef {import('./upload_desk.js').HandOver} HandOver */
/** @typedef {{state: 'waiting'|'saving'|'failed', bytes: number, error: string}} FileProgress */

const pauseBetweenDownloads = 1_000; // milliseconds; browsers drop downloads that follow at once
const shownEvery = 100; // milliseconds

const goneMessage = 'The copy is no longer here. Open the meeting and copy it again.';

export class FileSaving {
	/** By transfer: the files of the present or last run that aren't saved. */
	files = signal(/** @type {ReadonlyMap<string, FileProgress>} */ (new Map()));
	running = signal(false);
	/** Why the last run ended early; blank if it didn't. */
	problem = signal('');
	/** Of the present run, in bytes. */
	total = signal({ done: 0, total: 0, files: 0 });

	#saved;
	#urlOf;
	#abort = new AbortController();
	/** @type {FileSystemDirectoryHandle | null} */
	#folder = null;
	/** @type {readonly import('../lib/byte_rate.js').Sample[]} */
	#samples = [];

	/**
	 * @param {import('./saved_files.js').SavedFiles} saved
	 * @param {(item: HandOver, options: {download: boolean, proxy: boolean}) => Promise<string>} urlOf
	 */
	constructor(saved, urlOf) {
		this.#saved = saved;
		this.#urlOf = urlOf;
	}

	/** The folder of the last run, if it can be used again. */
	get folder() {
		return this.#folder;
	}

	/** Bytes per second; 0 while that is unknown. @param {number} now milliseconds since the epoch */
	rate(now) {
		return rateOf(this.#samples, now);
	}

	cancel() {
		this.#abort.abort();
	}

	/** Saves files in a folder. What is there already isn't fetched. @param {FileSystemDirectoryHandle} folder @param {HandOver[]} items */
	async saveIn(folder, items) {
		this.#folder = folder;
		await this.#run(items, 'All files are saved.', async (item) => {
			const { signal: aborted } = this.#abort;
			const before = this.total.value.done;
			let shownAt = 0;
			await writeFile(folder, { name: item.fileName, size: item.size }, () => this.#open(item, aborted), {
				signal: aborted,
				onBytes: (bytes) => {
					const now = Date.now();
					if (now - shownAt < shownEvery) return;
					shownAt = now;
					this.#show(item, { state: 'saving', bytes, error: '' });
					this.#count(before + bytes);
				},
			});
			this.#count(before + item.size);
			this.#saved.add(item, 'saved');
		});
	}

	/** Lets the browser download files. When they are complete is known only to it. @param {HandOver[]} items */
	async download(items) {
		await this.#run(items, 'All downloads have started.', async (item, isLast) => {
			saveFile(await this.#urlOf(item, { download: true, proxy: false }), item.fileName);
			this.#saved.add(item, 'started');
			this.#count(this.total.value.done + item.size);
			if (!isLast) await pause(pauseBetweenDownloads, this.#abort.signal);
		});
	}

	/** @param {HandOver[]} items @param {string} success what to announce @param {(item: HandOver, isLast: boolean) => Promise<void>} save */
	async #run(items, success, save) {
		if (this.running.value) return;
		this.#abort = new AbortController();
		this.#samples = [];
		this.running.value = true;
		this.problem.value = '';
		this.files.value = new Map(items.map(({ id }) => [id, { state: 'waiting', bytes: 0, error: '' }]));
		this.total.value = { done: 0, total: items.reduce((sum, { size }) => sum + size, 0), files: items.length };
		let failed = 0;
		addEventListener('beforeunload', askBeforeLeaving);
		try {
			for (const [index, item] of items.entries()) {
				this.#abort.signal.throwIfAborted();
				this.#show(item, { state: 'saving', bytes: 0, error: '' });
				try {
					await save(item, index === items.length - 1);
					this.#show(item, undefined);
				} catch (error) {
					if (this.#abort.signal.aborted || concernsAll(error)) throw error;
					this.#show(item, { state: 'failed', bytes: 0, error: savingProblem(error) || messageOf(error) });
					failed++;
				}
			}
			announce(failed ? `${countText(failed, 'file')} could not be saved.` : success);
		} catch (error) {
			if (losesFolder(error)) this.#folder = null;
			this.problem.value = this.#abort.signal.aborted ? '' : savingProblem(error) || messageOf(error);
			if (this.#abort.signal.aborted) announce('Saving was cancelled.');
		} finally {
			this.files.value = new Map([...this.files.value].filter(([, { state }]) => state === 'failed'));
			this.running.value = false;
			removeEventListener('beforeunload', askBeforeLeaving);
		}
	}

	/** @param {HandOver} item @param {AbortSignal} aborted @returns {Promise<ReadableStream<Uint8Array>>} */
	async #open(item, aborted) {
		const response = await fetch(await this.#urlOf(item, { download: false, proxy: true }), { signal: aborted });
		if (response.status === 404) throw new Error(goneMessage);
		if (!response.ok || !response.body) throw new Error('The server could not send this file. Try again.');
		return response.body;
	}

	/** @param {HandOver} item @param {FileProgress | undefined} progress undefined once it is saved */
	#show({ id }, progress) {
		const next = new Map(this.files.value);
		if (progress) next.set(id, progress);
		else next.delete(id);
		this.files.value = next;
	}

	/** @param {number} done bytes */
	#count(done) {
		const now = Date.now();
		this.#samples = addSample(this.#samples, { at: now, bytes: done, seen: now });
		this.total.value = { ...this.total.value, done };
	}
}

/** Makes the browser ask before the page is closed, which would end the run. @param {Event} event */
const askBeforeLeaving = (event) => event.preventDefault();

/** @param {number} duration milliseconds @param {AbortSignal} aborted */
const pause = (duration, aborted) => new Promise((resolve, reject) => {
	const timer = setTimeout(resolve, duration);
	aborted.addEventListener('abort', () => {
		clearTimeout(timer);
		reject(aborted.reason);
	}, { once: true });
});
