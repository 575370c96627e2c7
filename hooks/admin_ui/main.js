// The page "Queue" of the admin UI. docs/jobs.md describes jobs. PocketBase runs this file inside an async function before its UI
// renders. The UI provides `app`, `t` (creates elements; strings become text) and `store` (reactive state).

const perPage = 100;
const maxSelected = 1000; // job ids in one request
const states = {
	dead: { icon: 'ri-skull-2-line', label: 'danger', time: 'finished_at', actions: ['retry'] },
	failed: { icon: 'ri-error-warning-line', label: 'warning', time: 'run_at', actions: ['cancel', 'retry'] },
	processing: { icon: 'ri-loader-4-line', time: 'started_at', actions: ['cancel'] },
	pending: { icon: 'ri-time-line', time: 'run_at', actions: ['cancel'] },
	cancelled: { icon: 'ri-forbid-line', time: 'finished_at', actions: ['retry'] },
	completed: { icon: 'ri-check-line', time: 'finished_at', actions: [] },
};
const times = { run_at: 'Due', started_at: 'Started', finished_at: 'Finished' };
const actions = {
	retry: { label: 'Retry selected', icon: 'ri-restart-line', style: '', done: 'queued again' },
	cancel: { label: 'Cancel selected', icon: 'ri-forbid-line', style: 'outline danger', done: 'cancelled' },
};
const fields = 'id,kind,status,stage,progress,error,attempts,max_attempts,run_at,started_at,finished_at,cancel_requested,user,expand.user.email';

const jobs = (n, adjective = '') => `${n} ${adjective}${n === 1 ? 'job' : 'jobs'}`;
const nameOf = (kind) => (!kind || kind === '*' ? 'all kinds' : kind);
const icon = (className) => t.i({ className, ariaHidden: true });
const button = (attributes, symbol, label) => t.button({ type: 'button', ...attributes }, icon(symbol), t.span({ className: 'txt' }, label));
const showError = (err) => err.isAbort || app.checkApiError(err);

app.routes.superuserOnly('#/queue', (route) => {
	app.store.title = 'Queue';
	const requested = route.query.status?.[0];
	const data = store({
		status: Object.hasOwn(states, requested) ? requested : 'dead',
		kind: route.query.kind?.[0] || '', // '' means all kinds
		overview: null,
		pauses: [],
		jobs: [],
		page: 1,
		more: false,
		loading: true,
		loadFailed: false,
		stale: false, // whether jobs changed after the list was loaded
		selected: {}, // by id; replace it, because the store doesn't see changes in place
		busy: '',
	});
	const state = () => states[data.status];
	const count = (status, kind) => (kind ? data.overview?.kinds?.[kind] : data.overview?.statuses)?.[status];
	const selected = () => Object.keys(data.selected);
	const isPaused = (...kinds) => data.pauses.some((pause) => kinds.includes(pause.kind));
	const kinds = () => {
		const known = [Object.keys(data.overview?.kinds ?? {}), data.pauses.map((p) => p.kind), data.jobs.map((j) => j.kind), data.kind];
		return ['', ...[...new Set(known.flat())].filter((kind) => kind && kind !== '*').sort()];
	};

	// Returns whether the number of jobs in the shown list has changed.
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
				requestKey: 'queue_jobs', // a later request cancels this one
				filter: app.pb.filter(`status = {:status}${kind ? ' && kind = {:kind}' : ''}`, { status, kind }),
				sort: state().time === 'run_at' ? 'run_at,@rowid' : `-${state().time},-@rowid`,
				expand: 'user',
				fields,
				skipTotal: 1,
			});
			const list = page === 1 ? [] : data.jobs.slice();
			for (const job of items) app.utils.pushOrReplaceObject(list, job); // a job may have moved from one page to the next in the meantime
			Object.assign(data, { jobs: list, page, more: items.length === perPage, loading: false, loadFailed: false });
		} catch (err) {
			if (err.isAbort) return;
			Object.assign(data, { jobs: page === 1 ? [] : data.jobs, loading: false, loadFailed: true });
			showError(err);
		}
		if (page === 1) Object.assign(data, { selected: {}, stale: false });
	}
	const reload = () => Promise.all([loadOverview(), loadPauses(), loadJobs()]);
	function show(status, kind) {
		Object.assign(data, { status, kind, jobs: [], selected: {}, more: false });
		app.utils.replaceHashQueryParams({ status, kind });
		loadJobs();
	}

	async function act(action, body) {
		data.busy = action;
		try {
			const { changed, skipped } = await app.pb.send(`/api/queue/${action}`, { method: 'POST', body, requestKey: null });
			const text = `${jobs(changed)} ${actions[action].done}${skipped ? `, ${skipped} skipped` : ''}.`;
			app.toasts[skipped || !changed ? 'info' : 'success'](text, { duration: 5000 });
		} catch (err) {
			showError(err);
		}
		data.busy = '';
		reload();
	}
	function actOnSelected(action) {
		const ids = selected();
		if (!ids.length) return; // a request without ids would select all jobs
		if (ids.length > maxSelected) return app.toasts.error(`Select at most ${maxSelected} jobs, or retry all.`);
		if (action === 'retry') return act(action, { ids });
		const buttons = { yesButton: 'Cancel selected', noButton: 'Go back' };
		app.modals.confirm(`Cancel ${jobs(ids.length)}?`, () => act(action, { ids }), null, buttons);
	}
	function retryAll() {
		const { kind } = data;
		const question = `Retry ${jobs(count('dead', kind) ?? 'all', 'dead ')} of ${kind || 'all kinds'}? This includes the jobs of all users.`;
		app.modals.confirm(question, () => act('retry', kind ? { kind } : {}), null, { yesButton: 'Retry all' });
	}
	function pause() {
		const kind = data.kind || '*';
		const reason = t.input({ id: 'queue_pause_reason', name: 'reason', type: 'text', maxLength: 1000 });
		const form = t.div(
			{ className: 'block' },
			t.h6({ className: 'txt-center m-b-sm' }, `Pause ${nameOf(kind)}? Running jobs finish, but no new jobs start.`),
			t.div({ className: 'field' }, t.label({ htmlFor: reason.id }, 'Reason'), reason),
		);
		const createPause = () => app.pb.collection('queue_pauses').create({ kind, reason: reason.value }, { requestKey: null });
		app.modals.confirm(form, () => changePause(createPause, `Paused ${nameOf(kind)}.`), null, { yesButton: 'Pause', noButton: 'Go back' });
	}
	const resume = ({ id, kind }) =>
		changePause(() => app.pb.collection('queue_pauses').delete(id, { requestKey: null }), `Resumed ${nameOf(kind)}.`);
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

	const navItem = (rid, symbol, label, active, n, style, onclick) =>
		t.button(
			{ rid, type: 'button', title: label, className: () => `nav-item responsive-close ${active() ? 'active' : ''}`, onclick },
			t.i({ className: symbol, ariaHidden: true }),
			t.span({ className: 'txt' }, label),
			() => (n() === undefined ? null : t.span({ className: `label sm m-l-auto ${n() ? style : ''}` }, n())),
		);
	const statusItem = (status) => {
		const { icon, label = '' } = states[status];
		const name = status[0].toUpperCase() + status.slice(1);
		return navItem(status, icon, name, () => data.status === status, () => count(status), label, () => show(status, data.kind));
	};
	const kindItem = (kind) => {
		const symbol = () => (isPaused('*', kind) ? 'ri-pause-circle-line txt-warning' : 'ri-play-circle-line');
		const name = kind || 'All kinds';
		return navItem(`kind ${kind}`, symbol, name, () => data.kind === kind, () => count(data.status, kind), '', () => show(data.status, kind));
	};
	const navGroup = (label, items) => {
		const notCollapsible = { tabIndex: -1, onfocusout: () => false, onclick: () => false, onkeyup: () => false }; // like PocketBase's own groups
		return t.details({ className: 'nav-group', open: true }, t.summary(notCollapsible, label), items);
	};

	const pauseAlert = (pause) =>
		t.div(
			{ rid: pause.id, className: 'alert warning m-b-sm' },
			t.div(
				{ className: 'flex gap-10' },
				icon('ri-pause-circle-line'),
				t.div(
					null,
					t.strong(null, `Paused: ${nameOf(pause.kind)}`),
					pause.reason ? `. ${pause.reason} ` : ' ',
					t.small(null, `since ${app.utils.toLocalDatetime(pause.created).slice(0, 16)}`),
				),
				button({ className: 'btn sm warning m-l-auto', onclick: () => resume(pause) }, 'ri-play-line', 'Resume'),
			),
		);

	const checkbox = (id, checked, onchange) => {
		const input = t.input({ type: 'checkbox', id, checked, onchange: () => onchange(input.checked) });
		const onclick = (e) => {
			e.preventDefault(); // otherwise a click with the shift key would select text
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
		return checkbox('jobs_all', () => data.jobs.length > 0 && data.jobs.length === selected().length, toggle);
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
			state().actions.length ? t.td({ className: 'col-bulk-select', onclick: stop, onkeypress: stop }, rowBox(job)) : '',
			cell('Kind', '', t.span({ className: 'label' }, job.kind), t.div({ className: 'txt-hint txt-sm' }, notes.filter(Boolean).join(', '))),
			cell('Owner', 'col-field-type-email', job.expand?.user?.email || job.user),
			cell('Error', '', t.span({ title: job.error }, app.utils.truncate(job.error, 200))),
			cell('Attempts', 'col-field-type-number', [job.attempts, job.max_attempts].filter(Boolean).join(' / ') || 0),
			cell(times[state().time], 'col-field-type-date', app.components.formattedDate({ value: job[state().time] || '' })),
			t.td({ className: 'col-meta' }, icon('ri-arrow-right-line')),
		);
	};
	const placeholder = () => {
		if (data.loading) return t.span({ className: 'skeleton-loader' });
		const text = data.loadFailed ? "The jobs couldn't be loaded." : `No ${data.status} jobs${data.kind ? ` of ${data.kind}` : ''}.`;
		return t.div({ className: 'sticky-content txt-center txt-hint txt-bold' }, text);
	};
	const headings = () => [
		state().actions.length ? t.th({ className: 'col-bulk-select' }, allBox()) : '',
		...['Kind', 'Owner', 'Error', 'Attempts', times[state().time]].map((label) => t.th({ style: label === 'Error' ? 'min-width: 220px' : '' }, label)),
		t.th({ className: 'col-meta' }, t.span({ className: 'loader', hidden: () => !data.loading })),
	];
	const moreStyle = () => `btn lg secondary load-more-btn ${data.loading ? 'transparent loading' : ''}`;
	const table = t.table(
		{ className: () => `records-table responsive-table ${data.jobs.length > perPage ? 'optimize' : ''}` },
		t.thead({ className: 'sticky' }, t.tr(null, headings)),
		t.tbody(
			null,
			() => (data.jobs.length ? data.jobs.map(row) : t.tr(null, t.td({ colSpan: 99 }, placeholder))),
			t.tr(
				{ hidden: () => !data.more },
				t.td(
					{ colSpan: 99 },
					t.button({ className: moreStyle, disabled: () => data.loading, onclick: () => loadJobs(data.page + 1) }, 'Load more'),
				),
			),
		),
	);
	const bulkButton = (action) => {
		const { label, icon, style } = actions[action];
		const className = () => `btn sm pill ${style} ${data.busy === action ? 'loading' : ''}`;
		return button({ className, disabled: () => !!data.busy, onclick: () => actOnSelected(action) }, icon, label);
	};
	const bulkbar = t.div(
		{ className: 'bulkbar', style: 'width: 540px', hidden: () => !selected().length },
		t.span({ className: 'txt' }, 'Selected ', t.strong(null, () => jobs(selected().length))),
		t.button({ type: 'button', className: 'btn sm secondary pill m-r-auto', onclick: () => (data.selected = {}) }, 'Reset'),
		() => state().actions.map(bulkButton),
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
			button(pauseButton, 'ri-pause-circle-line', () => `Pause ${nameOf(data.kind)}`),
			button(retryAllButton, 'ri-restart-line', 'Retry all dead'),
		),
	);
	const total = () => count(data.status, data.kind) ?? `${data.jobs.length}${data.more ? '+' : ''}`;

	let subscription; // the server sends the overview at most once a second; without it, users refresh manually
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
				navGroup('Status', () => Object.keys(states).map(statusItem)),
				navGroup('Kind', () => kinds().map(kindItem)),
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
