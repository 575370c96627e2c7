import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverInfo } from '../src/data/server_info.js';
import { Workspace } from '../src/data/workspace.js';
import { canRead } from '../src/lib/loom_connection.js';

/** A workspace with a few records. @param {{connections?: any[], transfers?: any[], transferring?: number[]}} records @returns {Workspace} */
function workspaceWith({ connections = [], transfers = [], transferring = [] }) {
	/** @param {any[]} list */
	const live = (list) => ({
		find: (/** @type {(record: any) => boolean} */ matches) => list.find(matches),
		records: { value: new Map(list.map((record) => [record.id, record])) },
	});
	return Object.assign(Object.create(Workspace.prototype), {
		connections: live(connections), waiting: { items: { value: transfers } }, preferences: { get: () => undefined },
		jobs: { transferring: { value: new Set(transferring) } },
	});
}

const connection = { id: 'c1', provider: 'loom', status: 'valid', abilities: ['upload', 'read'] };

test('a server that only hands over reads through a connection, but doesn’t upload', () => {
	const workspace = workspaceWith({ connections: [connection] });
	assert.deepEqual([workspace.delivery.by, canRead(workspace.loomReader)], ['server', true]);
	const usual = serverInfo.value;
	serverInfo.value = { ...usual, loomUploader: 'handover' };
	assert.deepEqual([workspace.delivery.by, workspace.loom, canRead(workspace.loomReader)], ['user', undefined, true]);
	serverInfo.value = usual;
	assert.equal(canRead(workspaceWith({}).loomReader), false);
});

test('uploads wait for the user unless the user chose that or may have uploaded the video', () => {
	const waiting = { status: 'awaiting_share_url', handover: '' };
	const workspace = workspaceWith({ // the jobs are deleted after a while
		transfers: [
			{ id: 't1', recording_id: 1, ...waiting }, { id: 't2', recording_id: 2, ...waiting, handover: 'chosen' },
			{ id: 't3', recording_id: 3, ...waiting, handover: 'doubtful' },
			{ id: 't5', recording_id: 5, ...waiting }, { id: 't6', recording_id: 6, ...waiting },
		],
		transferring: [5],
	});
	assert.deepEqual(workspace.waitingUploads, [1, 6]);
});

/** A workspace whose server answers in some way. @param {() => Promise<any>} answer */
function workspaceWithServer(answer) {
	const bodies = /** @type {any[]} */ ([]);
	const refreshes = /** @type {string[]} */ ([]);
	const workspace = /** @type {Workspace} */ (Object.assign(Object.create(Workspace.prototype), {
		copied: { value: null }, jobs: { reload: async () => {} }, meetings: { refresh: () => refreshes.push('list') },
		db: { send: (/** @type {[string, any]} */ ...[, { body }]) => {
			bodies.push(body);
			return answer();
		} },
	}));
	return { workspace, bodies, refreshes };
}

test('the server learns how many meetings the user saw, if it selects them itself', async () => {
	const result = { created: 3, active: 0, skipped: 0, left: 0 };
	const { workspace, bodies } = workspaceWithServer(async () => result);
	await workspace.copySelection({ library: { state: 'at_fathom' } }, 3, { deliver: false });
	await workspace.copySelection({ recording_ids: [1] }, 1, {});
	assert.deepEqual(bodies.map(({ at_most: most, deliver }) => [most, deliver]), [[3, false], [undefined, true]]);
	assert.equal(workspace.copied.value, result);
});

test('meetings that were added since are reported by the server, and read', async () => {
	const { workspace, refreshes } = workspaceWithServer(() => Promise.reject(Object.assign(new Error('4 meetings match'), { status: 409 })));
	workspace.copied.value = { created: 1, active: 0, skipped: 0, left: 0 };
	await assert.rejects(workspace.copySelection({ library: {} }, 3, {}), { status: 409 });
	assert.deepEqual([refreshes, workspace.copied.value], [['list'], null]);
});
