import { useLayoutEffect, useRef, useState } from '../../vendor/preact-hooks.js';
import { serverInfo } from '../data/server_info.js';
import { html } from '../lib/html.js';
import { loomEmbedURL } from '../lib/recording_links.js';
import { Button } from './button.js';
import { ExternalLink } from './external_link.js';

/** Loom's player for a video, which is loaded only when the user wants it. @param {{url: string, title: string}} props url is the link to the video at Loom */
export function LoomPlayer({ url, title }) {
	const [isOpen, setOpen] = useState(false);
	const frame = useRef(/** @type {HTMLElement | null} */ (null));
	useLayoutEffect(() => {
		if (isOpen) frame.current?.focus(); // the button that had it is gone
	}, [isOpen]);
	const address = loomEmbedURL(url, serverInfo.value.loomUploadURL);
	if (!address) return null;
	if (!isOpen) {
		return html`
			<section class="loom-player" aria-label="On Loom">
				<div class="actions">
					<${Button} kind="quiet" onClick=${() => setOpen(true)}>Play Loom’s video here</${Button}>
					<${ExternalLink} href=${url}>Open on Loom</${ExternalLink}>
				</div>
				<p class="hint">Your browser then loads Loom’s player.</p>
			</section>`;
	}
	return html`
		<section class="loom-player" aria-label="On Loom">
			<iframe ref=${frame} src=${address} title=${`Loom’s video: ${title}`} allow="fullscreen; picture-in-picture" allowfullscreen
				sandbox="allow-scripts allow-same-origin allow-popups allow-presentation"></iframe>
			<${ExternalLink} href=${url}>Open on Loom</${ExternalLink}>
		</section>`;
}
