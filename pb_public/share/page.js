// The page of a shared recording: jumps to moments, marks what is being said, and gets over links that have expired. The
// page works without it, except for the jumps in the transcript. It stores nothing in the browser.

const player = /** @type {HTMLMediaElement | null} */ (document.getElementById('player'));

/** Recordings in S3 are played from a link that works for a few minutes, which the browser keeps. */
const minAge = 30_000; // milliseconds; an error on a younger source has another cause
const maxReloads = 3; // in a row, without any progress

/** @param {HTMLMediaElement} media */
function start(media) {
	const marks = [...document.querySelectorAll('[data-t]')].map((element) => ({ element, at: Number(element.getAttribute('data-t')) }));
	for (const { element, at } of marks) {
		element.addEventListener('click', (event) => {
			event.preventDefault();
			if (!getSelection()?.isCollapsed) return; // the user selects text
			media.currentTime = at;
			media.scrollIntoView({ block: 'nearest' });
			media.play().catch(() => {}); // the browser may not allow it
		});
	}
	follow(media, marks.filter(({ element }) => element.classList.contains('line')));
	follow(media, marks.filter(({ element }) => element.closest('.chapters')));
	recover(media);
	offerCopy(media);
}

/** Marks the last of some elements, which are in order, that has begun. @param {HTMLMediaElement} media @param {{element: Element, at: number}[]} marks */
function follow(media, marks) {
	let current = /** @type {Element | undefined} */ (undefined);
	media.addEventListener('timeupdate', () => {
		const next = marks.findLast(({ at }) => at <= media.currentTime)?.element;
		if (next === current) return;
		current?.removeAttribute('aria-current');
		next?.setAttribute('aria-current', 'true');
		current = next;
	});
}

/** Loads the recording again after an error, from where it was. @param {HTMLMediaElement} media */
function recover(media) {
	const source = media.src.replace(/#.*/, '');
	let loaded = Date.now();
	let reloads = 0;
	let resume = { at: 0, playing: false };
	let wanted = false; // whether it plays, except for errors
	media.addEventListener('play', () => {
		wanted = true;
	});
	media.addEventListener('pause', () => {
		if (!media.error) wanted = false;
	});
	media.addEventListener('timeupdate', () => {
		if (media.currentTime > resume.at) reloads = 0;
	});
	media.addEventListener('error', () => {
		const isFirst = reloads === 0 && Date.now() - loaded < minAge;
		if (++reloads > maxReloads) {
			const problem = document.getElementById('problem');
			if (problem) problem.hidden = false;
			return;
		}
		resume = { at: media.currentTime, playing: wanted };
		loaded = Date.now();
		// A client that can't reach the storage gets the bytes through this server.
		const isProxied = isFirst || reloads > 1;
		media.src = isProxied ? `${source}${source.includes('?') ? '&' : '?'}proxy=1` : source;
		media.load();
	});
	media.addEventListener('loadedmetadata', () => {
		if (!resume.at && !resume.playing) return;
		media.currentTime = resume.at;
		if (resume.playing) media.play().catch(() => {}); // the browser may not allow it
	});
}

/** @param {HTMLMediaElement} media */
function offerCopy(media) {
	const button = /** @type {HTMLButtonElement | null} */ (document.getElementById('copy'));
	if (!button || !navigator.clipboard) return; // missing on plain HTTP
	button.hidden = false;
	const label = button.textContent;
	button.addEventListener('click', async () => {
		const at = Math.floor(media.currentTime);
		try {
			await navigator.clipboard.writeText(`${button.dataset.url}${at > 0 ? `?t=${at}` : ''}`);
			button.textContent = 'Copied';
		} catch {
			button.textContent = 'Your browser doesn’t allow copying here.';
		}
		setTimeout(() => {
			button.textContent = label;
		}, 2000);
	});
}

if (player) start(player);
