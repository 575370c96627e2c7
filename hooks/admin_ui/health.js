// The "Health" page: what /readyz finds, and charts of the last day. docs/monitoring.md explains both.

/** @typedef {'ok'|'degraded'|'unavailable'} Status */
/** @typedef {{check: string, status: Status, message?: string, advice?: string}} Finding */
/** @typedef {{status: Status, checks: Finding[], times: number[], series: Record<string, number[]>}} Health */
/** @typedef {{title: string, series: Record<string, string>, format: (n: number) => string}} Chart */

const refreshInterval = 60_000; // the server takes a sample every minute
const colors = ['#2563eb', '#c2410c'];

/** @type {Record<Status, {alert: string, text: string}>} */
const statuses = {
	ok: { alert: 'success', text: 'Everything works.' },
	degraded: { alert: 'warning', text: 'The server works, but something needs you.' },
	unavailable: { alert: 'danger', text: 'Requests or jobs fail.' },
};

/** @param {number} n */
export const count = (n) => (n < 10 && n % 1 ? n.toFixed(1) : String(Math.round(n)));

/** @param {number} n bytes */
export function size(n) {
	const units = ['B', 'kB', 'MB', 'GB', 'TB'];
	let unit = 0;
	for (; n >= 1000 && unit < units.length - 1; unit++) n /= 1000;
	return `${count(n)} ${units[unit]}`;
}

/** @type {Chart[]} */
export const charts = [
	{ title: 'Requests per minute', series: { requests: 'All', failed_requests: 'Failed' }, format: count },
	{ title: 'Jobs', series: { waiting_jobs: 'Waiting', running_jobs: 'Running' }, format: count },
	{ title: 'Failed runs per minute', series: { failed_runs: 'Failed' }, format: count },
	{ title: 'Recordings per minute', series: { received_bytes: 'From Fathom', sent_bytes: 'To Loom' }, format: size },
	{ title: 'Open user databases', series: { open_databases: 'Open' }, format: count },
	{ title: 'Memory', series: { memory: 'Used' }, format: size },
	{ title: 'Free disk space', series: { free_disk: 'Free' }, format: size },
];

/** @param {Chart} chart @param {HTMLElement} el @param {Health} health */
function draw(chart, el, health) {
	const style = getComputedStyle(el);
	const axis = {
		stroke: style.getPropertyValue('--surfaceTxtHintColor'),
		grid: { stroke: style.getPropertyValue('--surfaceAlt1Color'), width: 1 },
	};
	const lines = Object.values(chart.series).map((label, i) => ({
		label,
		stroke: colors[i],
		width: 2,
		points: { show: health.times.length < 2 },
		value: (/** @type {[unknown, number | null]} */ ...[, value]) => (value === null ? '' : chart.format(value)),
	}));
	const format = (/** @type {[unknown, number[]]} */ ...[, values]) => values.map(chart.format);
	const options = {
		width: el.clientWidth,
		height: 180,
		scales: { y: { range: { min: { soft: 0, mode: 1 }, max: { pad: 0.1, soft: 1, mode: 2 } } } },
		axes: [axis, { ...axis, size: 70, values: format }],
		series: [{}, ...lines],
	};
	return new uPlot(options, [health.times, ...Object.keys(chart.series).map((name) => health.series[name])], el);
}

/** @param {Chart} chart @param {() => number} version changes when latest does @param {() => Health | null} latest */
function chartBox(chart, version, latest) {
	/** @type {any} */
	let plot = null;
	/** @type {{unwatch: () => void}} */
	let watcher;
	/** @type {ResizeObserver} */
	let sizes;
	const onmount = (/** @type {HTMLElement} */ el) => {
		watcher = watch(version, () => {
			const health = latest();
			plot?.destroy();
			plot = health && draw(chart, el, health);
		});
		sizes = new ResizeObserver(() => plot?.setSize({ width: el.clientWidth, height: 180 }));
		sizes.observe(el);
	};
	const onunmount = () => {
		watcher.unwatch();
		sizes.disconnect();
		plot?.destroy();
	};
	return t.section({ className: 'm-b-base' }, t.h6({ className: 'm-b-sm' }, chart.title), t.div({ onmount, onunmount }));
}

/** @param {Finding} finding */
const findingAlert = (finding) =>
	t.div(
		{ rid: finding.check, className: `alert ${statuses[finding.status].alert} m-b-sm` },
		t.strong(null, `${finding.check}: `),
		`${finding.message}. ${finding.advice}.`,
	);

export function healthPage() {
	app.store.title = 'Health';
	/** @type {Health | null} */
	let health = null; // not in the store, which would wrap thousands of numbers
	/** @type {{version: number, status: Status | '', problems: Finding[], loading: boolean}} */
	const data = store({ version: 0, status: '', problems: [], loading: false });

	async function load() {
		data.loading = true;
		try {
			/** @type {Health} */
			const latest = await app.pb.send('/api/operator/health', { requestKey: 'health' });
			health = latest;
			data.status = latest.status;
			data.problems = latest.checks.filter((finding) => finding.status !== 'ok');
			data.version++;
		} catch (/** @type {any} */ err) {
			if (!err.isAbort) app.checkApiError(err);
		}
		data.loading = false;
	}

	/** @type {number} */
	let timer;
	const onmount = () => {
		load();
		timer = setInterval(load, refreshInterval);
	};
	const summary = () => {
		if (!data.status) return t.span({ className: 'skeleton-loader' });
		const { alert, text } = statuses[data.status];
		return t.div({ className: `alert ${alert} m-b-sm` }, text);
	};
	const refresh = app.components.refreshButton({
		onclick: load,
		className: () => `btn transparent circle rotate-btn secondary ${data.loading ? 'loading' : ''}`,
		tooltip: () => 'Refresh',
	});
	/** @param {Chart} chart */
	const boxOf = (chart) => chartBox(chart, () => data.version, () => health);
	return t.div(
		{ pbEvent: 'pageHealth', className: 'page', onmount, onunmount: () => clearInterval(timer) },
		t.div(
			{ className: 'page-content full-height' },
			t.header(
				{ className: 'page-header' },
				t.nav({ className: 'breadcrumbs' }, t.div(null, 'Health')),
				t.div({ className: 'page-header-secondary-btns' }, refresh),
				t.small({ className: 'txt-hint' }, 'The charts show the last day, from the start of the server on.'),
			),
			t.div({ className: 'wrapper' }, summary, () => data.problems.map(findingAlert), charts.map(boxOf)),
			t.footer({ className: 'page-footer' }, app.components.credits()),
		),
	);
}
