// The view of the "Queue" page.
import { confirmDialog } from './dialog.js';
import { showJob } from './job_dialog.js';
import { attemptsText, subjectText } from './job_text.js';
import { countJobs, createQueue, kindLabel, perPage, statuses } from './queue.js';

/** @typedef {import('./queue.js').Status} Status */
/** @typedef {import('./queue.js').Action} Action */
/** @typedef {import('./queue.js').Job} Job */
/** @typedef {import('./queue.js').Pause} Pause */
/** @typedef {import('./queue.js').Overview} Overview */

/** @type {Record<Status, {icon: string, label?: string}>} */
const statusStyles = {
	dead: { icon: 'ri-skull-2-line', label: 'danger' },
	failed: { icon: 'ri-error-warning-line', label: 'warning' },
	processing: { icon: 'ri-loader-4-line' },
	pending: { icon: 'ri-time-line' },
	cancelled: { icon: 'ri-forbid-line' },
	completed: { icon: 'ri-check-line' },
};
const timeLabels = { run_at: 'Due', started_at: 'Started', finished_at: 'Finished' };
const actions = {
	retry: { label: 'Retry selected', iconName: 'ri-restart-line', style: '' },
	cancel: { label: 'Cancel selected', iconName: 'ri-forbid-line', style: 'outline danger' },
};

const sources = { operator: '', provider: 'by the server: the service can’t be reached', key: 'by the server: the key was refused' };

/** @param {string | (() => string)} className */
const icon = (className) => t.i({ className, ariaHidden: true });
/** @param {object} attributes @param {string} iconName @param {string | (() => string)} label */
const button = (attributes, iconName, label) => t.button({ type: 'button', ...attributes }, icon(iconName), t.span({ className: 'txt' }, label));

/** @typedef {{query: Record<string, string[] | undefined>}} Route */

/** @param {Route} route */
export function queuePage(route) {
	app.store.title = 'Queue';
	const queue = createQueue(route.query.status?.[0], route.query.kind?.[0]);
	const { data, currentStatus, count, selectedIDs, isPaused, isPausedByOperator, morePauses } = queue;

	function confirmPause() {
		const kind = data.kind || '*';
		const reason = t.input({ id: 'queue_pause_reason', name: 'reason', type: 'text', maxLength: 1000, autofocus: true });
		const content = t.div({ className: 'field' }, t.label({ htmlFor: reason.id }, 'Reason'), reason);
		const title = `Pause ${kindLabel(kind)}? Running jobs continue, but no new ones start.`;
		confirmDialog({ title, content, yes: 'Pause', style: 'warning', run: () => queue.pause(kind, reason.value) });
	}

	/**
	 * @param {string} rid @param {string | (() => string)} iconName @param {string} label @param {() => boolean} isActive
	 * @param {() => number | undefined} countOf @param {string} style of the count, unless it is 0 @param {() => void} onclick
	 */
	const navItem = (rid, iconName, label, isActive, countOf, style, onclick) =>
		t.button(
			{ rid, type: 'button', title: label, className: () => `nav-item responsive-close ${isActive() ? 'active' : ''}`, onclick },
			icon(iconName),
			t.span({ className: 'txt' }, label),
			() => (countOf() === undefined ? null : t.span({ className: `label sm m-l-auto ${countOf() ? style : ''}` }, countOf())),
		);
	/** @param {Status} status */
	const statusItem = (status) => {
		const { icon: iconName, label = '' } = statusStyles[status];
		const name = status[0].toUpperCase() + status.slice(1);
		return navItem(status, iconName, name, () => data.status === status, () => count(status), label, () => queue.show(status, data.kind));
	};
	/** @param {string} kind '' means all kinds */
	const kindItem = (kind) => {
		const iconName = () => (isPaused(kind) ? 'ri-pause-circle-line txt-warning' : 'ri-play-circle-line');
		const name = kind || 'All kinds';
		return navItem(`kind ${kind}`, iconName, name, () => data.kind === kind, () => count(data.status, kind), '', () => queue.show(data.status, kind));
	};
	/** @param {string} label @param {() => unknown[]} items */
	const navGroup = (label, items) => {
		const fixed = { tabIndex: -1, onfocusout: () => false, onclick: () => false, onkeyup: () => false }; // can't be folded, as in PocketBase
		return t.details({ className: 'nav-group', open: true }, t.summary(fixed, label), items);
	};

	/** @param {Pause} pause */
	const pauseAlert = (pause) =>
		t.div(
			{ rid: pause.id, className: 'alert warning m-b-sm' },
			t.div(
				{ className: 'flex gap-10' },
				icon('ri-pause-circle-line'),
				t.div(
					null,
					t.strong(null, `Paused: ${kindLabel(pause.kind)}${pause.user ? ` of ${pause.expand?.user?.email || pause.user}` : ''}`),
					pause.source === 'operator' ? '' : ` (${sources[pause.source]})`,
					pause.reason ? `. ${pause.reason} ` : ' ',
					t.small(null, `since ${app.utils.toLocalDatetime(pause.created).slice(0, 16)}`),
				),
				button({ className: 'btn sm warning m-l-auto', onclick: () => queue.resume(pause) }, 'ri-play-line', 'Resume'),
			),
		);

	/** @param {string} id @param {string} label @param {() => boolean} checked @param {(checked: boolean) => void} onchange */
	const checkbox = (id, label, checked, onchange) => {
		const input = t.input({ type: 'checkbox', id, ariaLabel: label, checked, onchange: () => onchange(input.checked) });
		/** @param {MouseEvent} e */
		const onclick = (e) => {
			e.preventDefault(); // as in PocketBase's lists: with Shift, a click would select text
			input.__shiftKey = e.shiftKey;
			input.click();
		};
		return t.div({ className: 'field' }, input, t.label({ htmlFor: id, onclick }));
	};
	/** @param {Job} job */
	const rowBox = (job) => {
		const box = checkbox(`job_${job.id}`, `Select ${job.kind} of ${job.expand?.user?.email || job.user}`, () => !!data.selected[job.id], (checked) => {
			const next = Object.assign({}, data.selected);
			if (box.firstChild.__shiftKey) app.utils.bulkSelectRange(data.jobs, next, job, checked);
			if (checked) next[job.id] = true;
			else delete next[job.id];
			data.selected = next;
		});
		return box;
	};
	const allBox = () => {
		/** @param {boolean} checked */
		const toggle = (checked) => (data.selected = checked ? Object.fromEntries(data.jobs.map((job) => [job.id, true])) : {});
		return checkbox('jobs_all', 'Select all jobs of the list', () => data.jobs.length > 0 && data.jobs.length === selectedIDs().length, toggle);
	};
	/** Opens the dialog like the row, but can be reached with the keyboard. @param {Job} job */
	const attemptsButton = (job) => {
		const ariaLabel = `${attemptsText(job)} attempts: details of ${job.kind} of ${job.expand?.user?.email || job.user}`;
		return t.button({ type: 'button', className: 'btn sm secondary', ariaLabel }, attemptsText(job));
	};
	/** @param {Job} job */
	const row = (job) => {
		const running = job.status === 'processing';
		const notes = [job.stage, running && job.progress > 0 && `${Math.round(job.progress * 100)} %`, running && job.cancel_requested && 'cancelling'];
		const open = () => showJob(job, data.titles[job.id]);
		/** @param {Event} e */
		const stop = (e) => e.stopPropagation();
		/** @param {string} name @param {string} className @param {unknown[]} content */
		const cell = (name, className, ...content) => t.td({ 'html-data-name': name, className }, ...content);
		return t.tr(
			{ rid: JSON.stringify(job), className: 'handle', onclick: open },
			currentStatus().actions.length ? t.td({ className: 'col-bulk-select', onclick: stop }, rowBox(job)) : '',
			cell('Kind', '', t.span({ className: 'label' }, job.kind), t.div({ className: 'txt-hint txt-sm' }, notes.filter(Boolean).join(', '))),
			cell('Meeting', '', t.span({ dir: 'auto' }, () => app.utils.truncate(subjectText(job, data.titles[job.id]), 120))),
			cell('Owner', 'col-field-type-email', job.expand?.user?.email || job.user),
			cell('Error', '', t.span({ title: job.error }, app.utils.truncate(job.error, 200))),
			cell('Attempts', 'col-field-type-number', attemptsButton(job)),
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
		...['Kind', 'Meeting', 'Owner', 'Error', 'Attempts', timeLabels[currentStatus().time]].map((label) => t.th({ style: label === 'Error' || label === 'Meeting' ? 'min-width: 200px' : '' }, label)),
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
					t.button({ className: loadMoreClass, disabled: () => data.loading, onclick: () => queue.loadJobs(data.page + 1) }, 'Load more'),
				),
			),
		),
	);
	/** @param {Action} action */
	const bulkButton = (action) => {
		const { label, iconName, style } = actions[action];
		const className = () => `btn sm pill ${style} ${data.busy === action ? 'loading' : ''}`;
		return button({ className, disabled: () => !!data.busy, onclick: () => queue.runOnSelected(action) }, iconName, label);
	};
	const bulkbar = t.div(
		{ className: 'bulkbar', style: 'width: 540px', hidden: () => !selectedIDs().length },
		t.span({ className: 'txt' }, 'Selected ', t.strong(null, () => countJobs(selectedIDs().length))),
		t.button({ type: 'button', className: 'btn sm secondary pill m-r-auto', onclick: () => (data.selected = {}) }, 'Reset'),
		() => currentStatus().actions.map(bulkButton),
	);
	const refresh = app.components.refreshButton({
		onclick: () => queue.reload(),
		className: () => `btn transparent circle rotate-btn ${data.stale ? 'warning' : 'secondary'}`,
		tooltip: () => (data.stale ? 'Refresh\n(list changed)' : 'Refresh'),
	});
	const pauseButton = {
		className: 'btn outline',
		ariaLabel: () => `Pause ${kindLabel(data.kind)}`, // phones show icons only
		hidden: () => isPausedByOperator(data.kind || '*'),
		onclick: confirmPause,
	};
	const retryAllButton = {
		ariaLabel: 'Retry all dead',
		className: () => `btn ${data.busy === 'retry' ? 'loading' : ''}`,
		hidden: () => data.status !== 'dead',
		disabled: () => !!data.busy || count('dead', data.kind) === 0,
		onclick: queue.retryAll,
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

	/** @type {Promise<() => Promise<void>>} */
	let subscription; // the server sends the overview at most once a second; without it, the refresh button remains
	const onmount = () => {
		queue.reload();
		subscription = app.pb.realtime.subscribe('queue', (/** @type {Overview} */ overview) => {
			if (overview?.statuses && queue.updateOverview(overview)) data.stale = true;
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
				navGroup('Status', () => /** @type {Status[]} */ (Object.keys(statuses)).map(statusItem)),
				navGroup('Kind', () => queue.knownKinds().map(kindItem)),
			),
		),
		t.div(
			{ className: 'page-content full-height' },
			header,
			() => data.warnings.map((text) => t.div({ className: 'alert warning' }, text)),
			() => data.pauses.map(pauseAlert),
			() => (morePauses() ? t.div({ className: 'alert warning m-b-sm' }, `${morePauses()} more pauses are in the collection queue_pauses.`) : ''),
			t.div({ className: 'page-table-wrapper' }, table, t.div({ className: 'bulkbar-wrapper' }, bulkbar)),
			t.footer({ className: 'page-footer' }, t.span({ className: 'total-count' }, 'Total: ', total), app.components.credits()),
		),
	);
}
