// The "Queue" page of the admin UI; docs/jobs.md describes jobs. PocketBase runs this file inside an async function when its UI starts,
// before it shows anything. The UI provides `app`, `t` (creates elements; a string among the children is text) and `store` (state that
// elements follow).

const perPage = 100;
const maxSelected = 1000; // jobs in a request
const statuses = {
	dead: { icon: 'ri-skull-2-line', label: 'danger', time: 'finished_at', actions: ['retry'] },
	failed: { icon: 'ri-error-warning-line', label: 'warning', time: 'run_at', actions: ['cancel', 'retry'] },
	processing: { icon: 'ri-loader-4-line', time: 'started_at', actions: ['cancel'] },
	pending: { icon: 'ri-time-line', time: 'run_at', actions: ['cancel'] },
	cancelled: { icon: 'ri-forbid-line', time: 'finished_at', actions: ['retry'] },
	completed: { icon: 'ri-check-line', time: 'finished_at', actions: [] },
};
const timeLabels = { run_at: 'Due', started_at: 'Started', finished_at: 'Finished' };
const actions = {
	retry: { label: 'Retry selected', icon: 'ri-restart-line', style: '', done: 'queued again' },
	cancel: { label: 'Cancel selected', icon: 'ri-forbid-line', style: 'outline danger', done: 'cancelled' },
};
const fields = 'id,kind,status,stage,progress,error,attempts,max_attempts,run_at,started_at,finished_at,cancel_requested,user,expand.user.email';

const countJobs = (n, adjective = '') => `${n} ${adjective}${n === 1 ? 'job' : 'jobs'}`;
const kindLabel = (kind) => (!kind || kind === '*' ? 'all kinds' : kind);
const icon = (className) => t.i({ className, ariaHidden: true });
const button = (attributes, iconName, label) => t.button({ type: 'button', ...attributes }, icon(iconName), t.span({ className: 'txt' }, label));
const showError = (err) => err.isAbort || app.checkApiError(err); // a newer request aborts an older one with its key

app.routes.superuserOnly('#/queue', (route) => {
	app.store.title = 'Queue';
	const requested = route.query.status?.[0];
	const data = store({
		status: Object.hasOwn(statuses, requested) ? requested : 'dead',
		kind: route.query.kind?.[0] || '', // '' means all kinds
		overview: null,
		pauses: [],
		jobs: [],
		page: 1,
		hasMore: false,
		loading: true,
		loadFailed: false,
		stale: false, // the number of jobs has changed since the list was loaded
		selected: {}, // keys are job ids; replaced, never changed in place
		busy: '', // the running action
	});
	const currentStatus = () => statuses[data.status];
	const count = (status, kind) => (kind ? data.overview?.kinds?.[kind] : data.overview?.statuses)?.[status];
	const selectedIds = () => Object.keys(data.selected);
	const isPaused = (...kinds) => data.pauses.some((pause) => kinds.includes(pause.kind));
	const knownKinds = () => {
		const lists = [Object.keys(data.overview?.kinds ?? {}), data.pauses.map((p) => p.kind), data.jobs.map((j) => j.kind), data.kind];
		return ['', ...[...new Set(lists.flat())].filter((kind) => kind && kind !== '*').sort()];
	};

	// updateOverview returns whether the number of listed jobs has changed.
	function updateOverview(overview) {
		const before = count(data.status, data.kind);
		data.overview = overview;
		return before !== undefined && before !== count(data.status, data.kind);
	}
	const loadOverview = () => app.pb.send('/api/queue', { requestKey: 'queue_overview' }).then(updateOverview).catch(showError);
	const loadPauses = () =>
		app.pb.collection('queue_pauses').getFullList({ sort: 'kind', requestKey: 'queue_pauses' }).then((list) => (data.pauses = list)).catch(showError);
	async function loadJobs(page = 1) {
		const { status, kind } = data;
		data.loading = true;
		try {
			const { items } = await app.pb.collection('global_queue').getList(page, perPage, {
				requestKey: 'queue_jobs', // a later request aborts this one
				filter: app.pb.filter(`status = {:status}${kind ? ' && kind = {:kind}' : ''}`, { status, kind }),
				sort: currentStatus().time === 'run_at' ? 'run_at,@rowid' : `-${currentStatus().time},-@rowid`,
				expand: 'user',
				fields,
				skipTotal: 1,
			});
			const list = page === 1 ? [] : data.jobs.slice();
			for (const job of items) app.utils.pushOrReplaceObject(list, job); // a job may have moved to this page since the last one was loaded
			Object.assign(data, { jobs: list, page, hasMore: items.length === perPage, loading: false, loadFailed: false });
		} catch (err) {
			if (err.isAbort) return;
			Object.assign(data, { jobs: page === 1 ? [] : data.jobs, loading: false, loadFailed: true });
			showError(err);
		}
		if (page === 1) Object.assign(data, { selected: {}, stale: false });
	}
	const reload = () => Promise.all([loadOverview(), loadPauses(), loadJobs()]);
	function show(status, kind) {
		Object.assign(data, { status, kind, jobs: [], selected: {}, hasMore: false });
		app.utils.replaceHashQueryParams({ status, kind });
		loadJobs();
	}

	async function runAction(action, body) {
		data.busy = action;
		try {
			const { changed, skipped } = await app.pb.send(`/api/queue/${action}`, { method: 'POST', body, requestKey: null });
			const text = `${countJobs(changed)} ${actions[action].done}${skipped ? `, ${skipped} skipped` : ''}.`;
			app.toasts[skipped || !changed ? 'info' : 'success'](text, { duration: 5000 });
		} catch (err) {
			showError(err);
		}
		data.busy = '';
		reload();
	}
	function runOnSelected(action) {
		const ids = selectedIds();
		if (!ids.length) return; // the server takes an empty list for all jobs
		if (ids.length > maxSelected) return app.toasts.error(`Select at most ${maxSelected} jobs, or retry all.`);
		if (action === 'retry') return runAction(action, { ids });
		const buttons = { yesButton: 'Cancel selected', noButton: 'Go back' };
		app.modals.confirm(`Cancel ${countJobs(ids.length)}?`, () => runAction(action, { ids }), null, buttons);
	}
	function retryAll() {
		const { kind } = data;
		const question = `Retry ${countJobs(count('dead', kind) ?? 'all', 'dead ')} of ${kindLabel(kind)}, for all users?`;
		app.modals.confirm(question, () => runAction('retry', kind ? { kind } : {}), null, { yesButton: 'Retry all' });
	}
	function pause() {
		const kind = data.kind || '*';
		const reason = t.input({ id: 'queue_pause_reason', name: 'reason', type: 'text', maxLength: 1000 });
		const form = t.div(
			{ className: 'block' },
			t.h6({ className: 'txt-center m-b-sm' }, `Pause ${kindLabel(kind)}? Running jobs continue, but no new ones start.`),
			t.div({ className: 'field' }, t.label({ htmlFor: reason.id }, 'Reason'), reason),
		);
		const create = () => app.pb.collection('queue_pauses').create({ kind, reason: reason.value }, { requestKey: null });
		app.modals.confirm(form, () => changePause(create, `Paused ${kindLabel(kind)}.`), null, { yesButton: 'Pause', noButton: 'Go back' });
	}
	const resume = ({ id, kind }) =>
		changePause(() => app.pb.collection('queue_pauses').delete(id, { requestKey: null }), `Resumed ${kindLabel(kind)}.`);
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

	const navItem = (rid, iconName, label, isActive, countOf, style, onclick) =>
		t.button(
			{ rid, type: 'button', title: label, className: () => `nav-item responsive-close ${isActive() ? 'active' : ''}`, onclick },
			icon(iconName),
			t.span({ className: 'txt' }, label),
			() => (countOf() === undefined ? null : t.span({ className: `label sm m-l-auto ${countOf() ? style : ''}` }, countOf())),
		);
	const statusItem = (status) => {
		const { icon, label = '' } = statuses[status];
		const name = status[0].toUpperCase() + status.slice(1);
		return navItem(status, icon, name, () => data.status === status, () => count(status), label, () => show(status, data.kind));
	};
	const kindItem = (kind) => {
		const iconName = () => (isPaused('*', kind) ? 'ri-pause-circle-line txt-warning' : 'ri-play-circle-line');
		const name = kind || 'All kinds';
		return navItem(`kind ${kind}`, iconName, name, () => data.kind === kind, () => count(data.status, kind), '', () => show(data.status, kind));
	};
	const navGroup = (label, items) => {
		const fixed = { tabIndex: -1, onfocusout: () => false, onclick: () => false, onkeyup: () => false }; // can't be folded, as in PocketBase
		return t.details({ className: 'nav-group', open: true }, t.summary(fixed, label), items);
	};

	const pauseAlert = (pause) =>
		t.div(
			{ rid: pause.id, className: 'alert warning m-b-sm' },
			t.div(
				{ className: 'flex gap-10' },
				icon('ri-pause-circle-line'),
				t.div(
					null,
					t.strong(null, `Paused: ${kindLabel(pause.kind)}`),
					pause.reason ? `. ${pause.reason} ` : ' ',
					t.small(null, `since ${app.utils.toLocalDatetime(pause.created).slice(0, 16)}`),
				),
				button({ className: 'btn sm warning m-l-auto', onclick: () => resume(pause) }, 'ri-play-line', 'Resume'),
			),
		);

	const checkbox = (id, checked, onchange) => {
		const input = t.input({ type: 'checkbox', id, checked, onchange: () => onchange(input.checked) });
		const onclick = (e) => {
			e.preventDefault(); // as in PocketBase's lists: with Shift, a click would select text
			input.__shiftKey = e.shiftKey;
			input.click();
		};
		return t.div({ className: 'field' }, input, t.label({ htmlFor: id, onclick }));
	};
	const rowBox = (job) => {
		const box = checkbox(`job_${job.id}`, () => !!data.selected[job.id], (checked) => {
			const next = Object.assign({}, data.selected);
			if (box.firstChild.__shiftKey) app.utils.bulkSelectRange(data.jobs, next, job, checked);
			if (checked) next[job.id] = true;
			else delete next[job.id];
			data.selected = next;
		});
		return box;
	};
	const allBox = () => {
		const toggle = (checked) => (data.selected = checked ? Object.fromEntries(data.jobs.map((job) => [job.id, true])) : {});
		return checkbox('jobs_all', () => data.jobs.length > 0 && data.jobs.length === selectedIds().length, toggle);
	};
	const row = (job) => {
		const running = job.status === 'processing';
		const notes = [job.stage, running && job.progress > 0 && `${Math.round(job.progress * 100)} %`, running && job.cancel_requested && 'cancelling'];
		const open = () => (window.location.hash = `#/collections?collection=global_queue&record=${encodeURIComponent(job.id)}`);
		const onkeypress = (e) => ['Enter', ' '].includes(e.key) && (e.preventDefault(), open());
		const stop = (e) => e.stopPropagation();
		const cell = (name, className, ...content) => t.td({ 'html-data-name': name, className }, ...content);
		return t.tr(
			{ rid: JSON.stringify(job), tabIndex: 0, className: 'handle', onclick: open, onkeypress },
			currentStatus().actions.length ? t.td({ className: 'col-bulk-select', onclick: stop, onkeypress: stop }, rowBox(job)) : '',
			cell('Kind', '', t.span({ className: 'label' }, job.kind), t.div({ className: 'txt-hint txt-sm' }, notes.filter(Boolean).join(', '))),
			cell('Owner', 'col-field-type-email', job.expand?.user?.email || job.user),
			cell('Error', '', t.span({ title: job.error }, app.utils.truncate(job.error, 200))),
			cell('Attempts', 'col-field-type-number', [job.attempts, job.max_attempts].filter(Boolean).join(' / ') || 0),
			cell(timeLabels[currentStatus().time], 'col-field-type-date', app.components.formattedDate({ value: job[currentStatus().time] || '' })),
			t.td({ className: 'col-meta' }, icon('ri-arrow-right-line')),
		);
	};
	const placeholder = () => {
		if (data.loading) return t.span({ className: 'skeleton-loader' });
		const text = data.loadFailed ? 'Failed to load jobs.' : `No ${data.status} jobs${data.kind ? ` of ${data.kind}` : ''}.`;
		return t.div({ className: 'sticky-content txt-center txt-hint txt-bold' }, text);
	};
	const headerCells = () => [
		currentStatus().actions.length ? t.th({ className: 'col-bulk-select' }, allBox()) : '',
		...['Kind', 'Owner', 'Error', 'Attempts', timeLabels[currentStatus().time]].map((label) => t.th({ style: label === 'Error' ? 'min-width: 220px' : '' }, label)),
		t.th({ className: 'col-meta' }, t.span({ className: 'loader', hidden: () => !data.loading })),
	];
	const loadMoreClass = () => `btn lg secondary load-more-btn ${data.loading ? 'transparent loading' : ''}`;
	const table = t.table(
		{ className: () => `records-table responsive-table ${data.jobs.length > perPage ? 'optimize' : ''}` },
		t.thead({ className: 'sticky' }, t.tr(null, headerCells)),
		t.tbody(
			null,
			() => (data.jobs.length ? data.jobs.map(row) : t.tr(null, t.td({ colSpan: 99 }, placeholder))),
			t.tr(
				{ hidden: () => !data.hasMore },
				t.td(
					{ colSpan: 99 },
					t.button({ className: loadMoreClass, disabled: () => data.loading, onclick: () => loadJobs(data.page + 1) }, 'Load more'),
				),
			),
		),
	);
	const bulkButton = (action) => {
		const { label, icon, style } = actions[action];
		const className = () => `btn sm pill ${style} ${data.busy === action ? 'loading' : ''}`;
		return button({ className, disabled: () => !!data.busy, onclick: () => runOnSelected(action) }, icon, label);
	};
	const bulkbar = t.div(
		{ className: 'bulkbar', style: 'width: 540px', hidden: () => !selectedIds().length },
		t.span({ className: 'txt' }, 'Selected ', t.strong(null, () => countJobs(selectedIds().length))),
		t.button({ type: 'button', className: 'btn sm secondary pill m-r-auto', onclick: () => (data.selected = {}) }, 'Reset'),
		() => currentStatus().actions.map(bulkButton),
	);
	const refresh = app.components.refreshButton({
		onclick: () => reload(),
		className: () => `btn transparent circle rotate-btn ${data.stale ? 'warning' : 'secondary'}`,
		tooltip: () => (data.stale ? 'Refresh\n(list changed)' : 'Refresh'),
	});
	const pauseButton = { className: 'btn outline', hidden: () => isPaused(data.kind || '*'), onclick: pause };
	const retryAllButton = {
		className: () => `btn ${data.busy === 'retry' ? 'loading' : ''}`,
		hidden: () => data.status !== 'dead',
		disabled: () => !!data.busy || count('dead', data.kind) === 0,
		onclick: retryAll,
	};
	const header = t.header(
		{ className: 'page-header flex-nowrap' },
		t.nav({ className: 'breadcrumbs' }, t.div(null, 'Queue'), t.div(null, () => data.status)),
		t.div({ className: 'page-header-secondary-btns' }, refresh),
		t.small({ className: 'txt-hint' }, () => (data.overview ? `${data.overview.running} running, ${data.overview.waiting} waiting` : '')),
		t.div(
			{ className: 'page-header-primary-btns' },
			button(pauseButton, 'ri-pause-circle-line', () => `Pause ${kindLabel(data.kind)}`),
			button(retryAllButton, 'ri-restart-line', 'Retry all dead'),
		),
	);
	const total = () => count(data.status, data.kind) ?? `${data.jobs.length}${data.hasMore ? '+' : ''}`;

	let subscription; // the server sends the overview at most once a second; without it, the refresh button remains
	const onmount = () => {
		reload();
		subscription = app.pb.realtime.subscribe('queue', (overview) => {
			if (overview?.statuses && updateOverview(overview)) data.stale = true;
		});
		subscription.catch(() => {});
	};
	const onunmount = () => subscription.then((unsubscribe) => unsubscribe()).catch(() => {});
	return t.div(
		{ pbEvent: 'pageQueue', className: 'page', onmount, onunmount },
		app.components.pageSidebar(
			{},
			t.nav(
				{ className: 'sidebar-content scrollable' },
				navGroup('Status', () => Object.keys(statuses).map(statusItem)),
				navGroup('Kind', () => knownKinds().map(kindItem)),
			),
		),
		t.div(
			{ className: 'page-content full-height' },
			header,
			() => data.pauses.map(pauseAlert),
			t.div({ className: 'page-table-wrapper' }, table, t.div({ className: 'bulkbar-wrapper' }, bulkbar)),
			t.footer({ className: 'page-footer' }, t.span({ className: 'total-count' }, 'Total: ', total), app.components.credits()),
		),
	);
});
app.store.headerLinks.splice(2, 0, { href: '#/queue', icon: 'ri-stack-line', label: 'Queue' }); // before the settings
