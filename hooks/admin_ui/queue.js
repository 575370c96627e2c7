// The data of the "Queue" page, and the requests that load and change it.
import { confirmDialog } from './dialog.js';

/** @typedef {'dead'|'failed'|'processing'|'pending'|'cancelled'|'completed'} Status */
/** @typedef {'retry'|'cancel'} Action */
/** @typedef {'run_at'|'started_at'|'finished_at'} TimeField */
/** @typedef {Partial<Record<Status, number>>} Counts */
/** @typedef {{running: number, waiting: number, statuses: Counts, kinds: Record<string, Counts & {paused?: boolean}>, pause_count: number}} Overview */
/** @typedef {'operator'|'provider'|'key'} Source */
/** @typedef {{id: string, kind: string, user: string, source: Source, reason: string, created: string, expand?: {user?: {email: string}}}} Pause */

/**
 * @typedef {{
 *   id: string, kind: string, status: Status, stage: string, progress: number, error: string, attempts: number,
 *   max_attempts: number, cancel_requested: boolean, user: string, expand?: {user?: {email: string}}, payload?: {recording_id?: number} | null,
 * } & Record<TimeField, string>} Job
 */

/**
 * @typedef {object} State
 * @property {Status} status of the listed jobs
 * @property {string} kind of the listed jobs; '' means all kinds
 * @property {Overview | null} overview
 * @property {Pause[]} pauses the first ones; those for all users come first
 * @property {string[]} warnings about the server
 * @property {Job[]} jobs
 * @property {Record<string, string>} titles of meetings, by job; replaced, never changed in place
 * @property {number} page the last page that was loaded
 * @property {boolean} hasMore
 * @property {boolean} loading
 * @property {boolean} loadFailed
 * @property {boolean} stale the number of jobs has changed since the list was loaded
 * @property {Record<string, true>} selected keys are job IDs; replaced, never changed in place
 * @property {Action | ''} busy the running action
 */

export const perPage = 100;
const maxSelected = 1000; // jobs in a request
const maxPauses = 50; // on the page; there may be one for every user
const fields = 'id,kind,status,stage,progress,error,attempts,max_attempts,run_at,started_at,finished_at,cancel_requested,payload,user,expand.user.email';

/** @type {Record<Status, {time: TimeField, actions: Action[]}>} */
export const statuses = {
	dead: { time: 'finished_at', actions: ['retry'] },
	failed: { time: 'run_at', actions: ['cancel', 'retry'] },
	processing: { time: 'started_at', actions: ['cancel'] },
	pending: { time: 'run_at', actions: ['cancel'] },
	cancelled: { time: 'finished_at', actions: ['retry'] },
	completed: { time: 'finished_at', actions: [] },
};
/** @type {Record<Action, string>} */
const results = { retry: 'queued again', cancel: 'cancelled' };

/** @param {number | string} n @param {string} [adjective] */
export const countJobs = (n, adjective = '') => `${n} ${adjective}${n === 1 ? 'job' : 'jobs'}`;
/** @param {string} kind */
export const kindLabel = (kind) => (!kind || kind === '*' ? 'all kinds' : kind);
/** @param {any} err */
const showError = (err) => err.isAbort || app.checkApiError(err); // a newer request aborts an older one with its key

/** @param {string} [status] may be unknown @param {string} [kind] */
export function createQueue(status = '', kind = '') {
	/** @type {State} */
	const initial = {
		status: Object.hasOwn(statuses, status) ? /** @type {Status} */ (status) : 'dead',
		kind,
		overview: null,
		pauses: [],
		warnings: [],
		jobs: [],
		titles: {},
		page: 1,
		hasMore: false,
		loading: true,
		loadFailed: false,
		stale: false,
		selected: {},
		busy: '',
	};
	const data = store(initial);

	const currentStatus = () => statuses[data.status];
	/** @param {Status} ofStatus @param {string} [ofKind] all kinds without it */
	const count = (ofStatus, ofKind = '') => (ofKind ? data.overview?.kinds?.[ofKind] : data.overview?.statuses)?.[ofStatus];
	const selectedIDs = () => Object.keys(data.selected);
	/** Reports whether an operator has paused a kind, or the server has. @param {string} name @param {Source} [source] any source without it */
	const hasPause = (name, source) => data.pauses.some((pause) => !pause.user && pause.kind === name && (!source || pause.source === source));
	/** @param {string} name '' means all kinds */
	const isPaused = (name) => hasPause('*') || hasPause(name) || !!data.overview?.kinds?.[name]?.paused;
	/** @param {string} name */
	const isPausedByOperator = (name) => hasPause(name, 'operator');
	const morePauses = () => Math.max(0, (data.overview?.pause_count ?? 0) - data.pauses.length);
	const knownKinds = () => {
		const lists = [Object.keys(data.overview?.kinds ?? {}), data.jobs.map((j) => j.kind), data.kind];
		return ['', ...[...new Set(lists.flat())].filter((name) => name && name !== '*').sort()];
	};

	/** Returns whether the number of listed jobs has changed. @param {Overview} overview */
	function updateOverview(overview) {
		const before = count(data.status, data.kind);
		data.overview = overview;
		return before !== undefined && before !== count(data.status, data.kind);
	}
	const loadOverview = () => app.pb.send('/api/queue', { requestKey: 'queue_overview' }).then(updateOverview).catch(showError);
	async function loadPauses() {
		try {
			const { items } = await app.pb.collection('queue_pauses').getList(1, maxPauses, { sort: 'user,kind,source', expand: 'user', skipTotal: 1, requestKey: 'queue_pauses' });
			data.pauses = items;
		} catch (err) {
			showError(err);
		}
	}
	async function loadJobs(page = 1) {
		const listed = { status: data.status, kind: data.kind };
		data.loading = true;
		try {
			const { items } = await app.pb.collection('global_queue').getList(page, perPage, {
				requestKey: 'queue_jobs', // a later request aborts this one
				filter: app.pb.filter(`status = {:status}${listed.kind ? ' && kind = {:kind}' : ''}`, listed),
				sort: currentStatus().time === 'run_at' ? 'run_at,@rowid' : `-${currentStatus().time},-@rowid`,
				expand: 'user',
				fields,
				skipTotal: 1,
			});
			const jobs = page === 1 ? [] : data.jobs.slice();
			for (const job of items) app.utils.pushOrReplaceObject(jobs, job); // a job may have moved to this page since the last one was loaded
			Object.assign(data, { jobs, page, hasMore: items.length === perPage, loading: false, loadFailed: false });
			loadTitles(items);
		} catch (/** @type {any} */ err) {
			if (err.isAbort) return;
			Object.assign(data, { jobs: page === 1 ? [] : data.jobs, loading: false, loadFailed: true });
			showError(err);
		}
		if (page === 1) Object.assign(data, { selected: {}, stale: false });
	}
	/** Loads titles of meetings that are not known yet, from the databases of the jobs' owners. @param {Job[]} jobs at most perPage */
	async function loadTitles(jobs) {
		const ids = jobs.filter((job) => job.payload?.recording_id && !data.titles[job.id]).map((job) => job.id);
		if (!ids.length) return;
		try {
			const { titles } = await app.pb.send('/api/operator/titles', { method: 'POST', body: { jobs: ids }, requestKey: null });
			data.titles = { ...data.titles, ...titles };
		} catch (err) {
			showError(err);
		}
	}
	async function loadWarnings() {
		try {
			data.warnings = (await app.pb.send('/api/operator/warnings', { requestKey: 'operator_warnings' })).warnings;
		} catch (err) {
			showError(err);
		}
	}
	// The list comes after the overview, so that it is never older than the numbers beside it.
	const reload = () => Promise.all([loadOverview().then(() => loadJobs()), loadPauses(), loadWarnings()]);
	/** Lists other jobs. @param {Status} newStatus @param {string} newKind */
	function show(newStatus, newKind) {
		Object.assign(data, { status: newStatus, kind: newKind, jobs: [], selected: {}, hasMore: false });
		app.utils.replaceHashQueryParams({ status: newStatus, kind: newKind });
		loadJobs();
	}

	/** @param {Action} action @param {{ids?: string[], kind?: string}} body */
	async function runAction(action, body) {
		data.busy = action;
		try {
			const { changed, skipped } = await app.pb.send(`/api/queue/${action}`, { method: 'POST', body, requestKey: null });
			const text = `${countJobs(changed)} ${results[action]}${skipped ? `, ${skipped} skipped` : ''}.`;
			app.toasts[skipped || !changed ? 'info' : 'success'](text, { duration: 5000 });
		} catch (err) {
			showError(err);
		}
		data.busy = '';
		reload();
	}
	/** @param {Action} action */
	function runOnSelected(action) {
		const ids = selectedIDs();
		if (!ids.length) return; // the server takes an empty list for all jobs
		if (ids.length > maxSelected) return app.toasts.error(`Select at most ${maxSelected} jobs, or retry all.`);
		if (action === 'retry') return runAction(action, { ids });
		confirmDialog({ title: `Cancel ${countJobs(ids.length)}?`, text: 'Their owners can retry them.', yes: 'Cancel selected', style: 'danger', run: () => runAction(action, { ids }) });
	}
	function retryAll() {
		const retried = data.kind;
		const title = `Retry ${countJobs(count('dead', retried) ?? 'all', 'dead ')} of ${kindLabel(retried)}?`;
		confirmDialog({ title, text: 'This is for all users.', yes: 'Retry all', run: () => runAction('retry', retried ? { kind: retried } : {}) });
	}

	/** @param {string} paused a kind, or * for the whole queue @param {string} reason */
	const pause = (paused, reason) =>
		changePause(() => app.pb.collection('queue_pauses').create({ kind: paused, reason, source: 'operator' }, { requestKey: null }), `Paused ${kindLabel(paused)}.`);
	/** @param {Pause} paused */
	const resume = (paused) =>
		changePause(() => app.pb.collection('queue_pauses').delete(paused.id, { requestKey: null }), `Resumed ${kindLabel(paused.kind)}.`);
	/** @param {() => Promise<unknown>} request @param {string} text */
	async function changePause(request, text) {
		try {
			await request();
			app.toasts.success(text);
		} catch (err) {
			showError(err);
		}
		loadPauses();
		loadOverview();
	}

	return {
		data, currentStatus, count, selectedIDs, isPaused, isPausedByOperator, morePauses, knownKinds,
		updateOverview, loadJobs, reload, show, runOnSelected, retryAll, pause, resume,
	};
}
