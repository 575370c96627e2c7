import { useLayoutEffect, useState } from '../../vendor/preact-hooks.js';
import { signal } from '../../vendor/signals.js';
import { html } from '../lib/html.js';
import { loadOnce } from '../lib/load_once.js';
import { Button } from './button.js';
import { Notice } from './notice.js';
import { PageTitle } from './page_title.js';
import { Spinner } from './spinner.js';

/**
 * Components of a module that is loaded when one of them is shown, or by `preload`, so that the first page appears sooner.
 * @template {Record<string, any>} Module
 * @param {() => Promise<Module>} load imports the module
 */
export function later(load) {
	const loaded = signal(/** @type {Module | null} */ (null));
	const loadModule = loadOnce(async () => {
		loaded.value = await load();
	});
	/** Nothing needs the module yet, so a failure means nothing: the module is loaded again when something does. */
	const preload = () => void loadModule().catch(() => {});
	/** Shows a component of the module. @param {{name: keyof Module, [prop: string]: any}} props */
	const Later = ({ name, ...props }) => {
		const [failed, setFailed] = useState(false);
		useLayoutEffect(() => void loadModule().catch(() => setFailed(true)), []);
		if (loaded.value) return html`<${loaded.value[name]} ...${props} />`;
		// After an upgrade of the server, the files of the former version are gone. Some browsers also remember a failure until a reload.
		if (failed) {
			return html`
				<div class="page narrow">
					<${PageTitle} title="Page not loaded" />
					<${Notice}>This page could not be loaded. <${Button} kind="link" onClick=${() => location.reload()}>Reload</${Button}></${Notice}>
				</div>`;
		}
		return html`<div class="page"><${Spinner} label="Loading" /></div>`;
	};
	return { Later, preload };
}
