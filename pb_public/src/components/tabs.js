import { useRef } from '../../vendor/preact-hooks.js';
import { html } from '../lib/html.js';

/**
 * Tabs, of which one is shown. The arrow keys, Home and End choose another one.
 * @template {string} Name
 * @param {{label: string, tabs: {name: Name, label: string}[], current: Name, onChoose: (name: Name) => void, children?: any}} props
 *   the children are the contents of the current tab
 */
export function Tabs({ label, tabs, current, onChoose, children }) {
	const list = useRef(/** @type {HTMLElement | null} */ (null));
	/** @param {KeyboardEvent} event */
	const move = (event) => {
		const at = tabs.findIndex(({ name }) => name === current);
		/** @type {Record<string, number>} */
		const targets = { ArrowLeft: at - 1 + tabs.length, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 };
		const target = targets[event.key];
		if (target === undefined || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
		event.preventDefault();
		const index = target % tabs.length;
		onChoose(tabs[index].name);
		/** @type {HTMLElement | undefined} */ (list.current?.querySelectorAll('[role=tab]')[index])?.focus();
	};
	return html`
		<div class="tabs">
			<div role="tablist" aria-label=${label} ref=${list} onKeyDown=${move}>
				${tabs.map(({ name, label: text }) => html`
					<button key=${name} type="button" role="tab" id=${`tab-${name}`} aria-selected=${name === current ? 'true' : 'false'}
						aria-controls=${name === current ? `panel-${name}` : undefined} tabindex=${name === current ? 0 : -1} onClick=${() => onChoose(name)}>${text}</button>`)}
			</div>
			<div key=${current} class="tab-panel" role="tabpanel" id=${`panel-${current}`} aria-labelledby=${`tab-${current}`} tabindex="0">${children}</div>
		</div>`;
}
