// Light or dark: what the reader has chosen in this browser, or what their system says.

const key = 'theme';

/** @typedef {'system'|'light'|'dark'} Theme */

/** @returns {Theme} */
export function chosenTheme() {
	const chosen = localStorage.getItem(key);
	return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}

/** @param {Theme} theme */
export function chooseTheme(theme) {
	if (theme === 'system') localStorage.removeItem(key);
	else localStorage.setItem(key, theme);
	applyTheme();
}

/** Shows the page as chosen. */
export function applyTheme() {
	document.documentElement.dataset.theme = chosenTheme();
}

/** Follows a choice in another tab. */
export function followTheme() {
	applyTheme();
	addEventListener('storage', (event) => (event.key === key || event.key === null) && applyTheme());
}
