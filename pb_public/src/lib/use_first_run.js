import { useEffect, useRef } from '../../vendor/preact-hooks.js';

const key = 'first-run'; // in the tab's session storage: the id of the user who began without meetings

/**
 * Decides whether the page of the meetings shows the first steps: to people without meetings and, in the tab where they
 * began, until they leave the page after the first copy. undefined means that it isn't known yet.
 * @param {import('../data/workspace.js').Workspace} workspace
 * @param {boolean} isEmpty no meetings are here, as far as known
 * @returns {boolean | undefined}
 */
export function useFirstRun({ user, meetings, fathom }, isEmpty) {
	const isOpen = useRef(/** @type {boolean | undefined} */ (undefined));
	const began = sessionStorage.getItem(key) === user.id;
	if (isEmpty) isOpen.current = true;
	else if (!began && !isOpen.current) isOpen.current = false;
	else if (isOpen.current === undefined && meetings.loaded.value) isOpen.current = meetings.states.value.at_fathom === meetings.totalOfAll.value;
	const current = isOpen.current ? isEmpty || Boolean(fathom) : isOpen.current ?? undefined;
	useEffect(() => {
		if (isEmpty) sessionStorage.setItem(key, user.id);
		else if (began && isOpen.current === false) sessionStorage.removeItem(key);
	}, [isEmpty, began, isOpen.current]);
	return current;
}
