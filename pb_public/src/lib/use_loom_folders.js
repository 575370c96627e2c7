import { useEffect } from '../../vendor/preact-hooks.js';
import { folderSource } from './loom_connection.js';

/**
 * The folders at Loom, which are loaded if the component needs them.
 * @param {import('../data/workspace.js').Workspace} workspace
 * @param {boolean} [isNeeded]
 */
export function useLoomFolders(workspace, isNeeded = true) {
	const source = folderSource(workspace.loom);
	useEffect(() => {
		if (isNeeded) workspace.loomFolders.load(source);
	}, [source, isNeeded]);
	return workspace.loomFolders;
}
