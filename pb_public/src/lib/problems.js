// Failed jobs by their cause, with what removes it.
import { isStorageFull } from './errors.js';
import { isHopeless } from './transfer_state.js';

/** @typedef {import('../data/types.js').Job} Job */
/** @typedef {{label: string, section: import('./router.js').SettingsSection}} Fix a section of the settings where the cause can be removed */
/** @typedef {{key: string, cause: string, jobs: Job[], fix?: Fix, isHopeless: boolean}} Problem isHopeless: a retry can't help as things are */

/** @type {{matches: (cause: string) => boolean, fix: Fix}[]} */
const fixes = [
	{ matches: isStorageFull, fix: { label: 'Free up storage', section: 'storage' } },
	{ matches: (cause) => /\bAPI key\b/.test(cause), fix: { label: 'Check the Fathom API key', section: 'fathom' } },
	{ matches: (cause) => /\b(Atlassian|connect(ion)? (to )?Loom|Loom in Settings|Loom account)\b/i.test(cause), fix: { label: 'Check the connection to Loom', section: 'loom' } },
];

/** The groups of failed jobs, the largest first. @param {readonly Job[]} jobs */
export function problemsIn(jobs) {
	/** @type {Map<string, Problem>} */
	const problems = new Map();
	for (const job of jobs) {
		const cause = causeOf(job.error);
		const key = cause.replace(/“.*?”/g, '“”').replace(/\d[\d.,]*(\s(bytes|[kMGT]B))?/g, '0'); // titles and sizes differ
		const known = problems.get(key);
		if (known) {
			known.jobs.push(job);
			known.isHopeless &&= isHopeless(job);
		} else {
			problems.set(key, { key, cause, jobs: [job], fix: fixes.find(({ matches }) => matches(cause))?.fix, isHopeless: isHopeless(job) });
		}
	}
	return [...problems.values()].sort((a, b) => b.jobs.length - a.jobs.length);
}

/** What went wrong, without what the server did about it. @param {string} error */
const causeOf = (error) => error.replace(/ Gave up after .*$/s, '').trim() || 'Something went wrong.';
