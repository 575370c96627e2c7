// Groups of job statuses. They mirror the state machine in app/queue.

/** @typedef {import('../data/types.js').Job} Job */

const active = ['pending', 'processing', 'failed'];
const retryable = ['dead', 'cancelled'];

/** Reports whether a job is still to be finished: waiting, running or between attempts. @param {Job | undefined} job */
export const isActive = (job) => Boolean(job && active.includes(job.status));

/** @param {Job} job */
export const isRetryable = (job) => retryable.includes(job.status);
