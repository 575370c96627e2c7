// The schedule of automatic syncs, as a choice between intervals.

/** @typedef {import('../data/types.js').Schedule} Schedule */

/** What the schedule does. */
export const syncJob = { kind: 'fathom.sync', payload: {} };

/**
 * Returns the schedule of automatic syncs among a user's schedules.
 * @param {Schedule} schedule
 */
export const isSyncSchedule = ({ kind, payload }) => kind === syncJob.kind && !payload?.full;

/**
 * Returns the fields to save for an interval in seconds; 0 means never. The schedule is kept, because the server
 * creates one for users who have none.
 * @param {number} every
 */
export const scheduleChange = (every) => (every ? { every, enabled: true } : { enabled: false });

/**
 * Returns the interval in seconds, or 0 if there are no automatic syncs.
 * @param {Schedule | undefined} schedule
 */
export const intervalOf = (schedule) => (schedule?.enabled ? schedule.every : 0);
