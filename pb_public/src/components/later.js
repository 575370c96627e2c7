import { signal } from '../../vendor/signals.js';
import { html } from '../lib/html.js';
import { Button } from './button.js';
import { Notice } from './notice.js';
import { Spinner } from './spinner.js';

/**
 * Components of a module that is loaded when one of them is shown, or by `preload`, so that the first page appears sooner.
 * @template {Record<string, any>} Module
 * @param {() => Promise<Module>} load imports the module
 */
export function later(load) {
	const loaded = signal(/** @type {Module | null} */ (null));
	const failed = signal(false);
	/** @type {Promise<void> | null} */
	let loading = null;
	const preload = () => {
		failed.value = false;
		loading ??= load().then(
			(module) => {
				loaded.value = module;
			},
			() => {
				loading = null;
				failed.value = true;
			},
		);
	};
	/** Shows a component of the module. @param {{name: keyof Module, [prop: string]: any}} props */
	const Later = ({ name, ...props }) => {
		if (loaded.value) return html`<${loaded.value[name]} ...${props} />`;
		// After an upgrade of the server, the files of the former version are gone.
		if (failed.value) {
			return html`
				<div class="page narrow">
					<${Notice}>This page could not be loaded. <${Button} kind="link" onClick=${() => location.reload()}>Reload</${Button}></${Notice}>
				</div>`;
		}
		queueMicrotask(preload);
		return html`<div class="page"><${Spinner} label="Loading" /></div>`;
	};
	return { Later, preload };
}
