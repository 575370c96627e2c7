import { html } from '../lib/html.js';
import { assistantConfig } from '../lib/assistant_config.js';
import { appURL } from '../lib/app_url.js';
import { CopyText } from './copy_text.js';

/** How an assistant gets access to the user's meetings. */
export function Assistants() {
	return html`
		<section class="card" aria-labelledby="assistants-heading">
			<h2 id="assistants-heading">Assistants</h2>
			<p>Assistants that support the Model Context Protocol (MCP) can search and read your meetings. Add this address as a
			connector. When the assistant connects, you are asked here what it may do.</p>
			<${CopyText} id="mcp-address" label="Address" text=${`${appURL()}/mcp`} />
			<details>
				<summary>Use an API token instead</summary>
				<p>Create a token above, paste this into the configuration of the assistant, and replace YOUR_TOKEN.</p>
				<${CopyText} id="mcp-config" label="Configuration" text=${assistantConfig(appURL())} />
			</details>
		</section>`;
}
