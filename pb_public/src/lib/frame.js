// Frames of a video as pictures.

export const maxEdge = 1280; // pixels, of a poster
export const maxBytes = 200 * 1024;
const attempts = [[maxEdge, 0.8], [maxEdge, 0.6], [960, 0.6], [640, 0.6]]; // the longer edge and the quality
const sample = { width: 32, height: 18 };
const minContrast = 6; // between 0 and 255

/** The largest size with the same proportions that has no edge above a limit. @param {number} width @param {number} height @param {number} edge */
export function fittedSize(width, height, edge) {
	const scale = Math.min(1, edge / Math.max(width, height));
	return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Whether a picture shows next to nothing, such as the black frames at the beginning of a recording.
 * @param {ArrayLike<number>} pixels red, green, blue and alpha of each
 */
export function isDull(pixels) {
	const light = [];
	for (let at = 0; at + 2 < pixels.length; at += 4) light.push(0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2]);
	const mean = light.reduce((sum, value) => sum + value, 0) / light.length;
	const variance = light.reduce((sum, value) => sum + (value - mean) ** 2, 0) / light.length;
	return !(Math.sqrt(variance) >= minContrast);
}

/** @param {HTMLVideoElement} video @param {{width: number, height: number}} size */
function draw(video, { width, height }) {
	const canvas = document.createElement('canvas');
	Object.assign(canvas, { width, height });
	const context = canvas.getContext('2d', { alpha: false });
	if (!context) throw new Error('This browser has no canvas.');
	context.drawImage(video, 0, 0, width, height);
	return { canvas, context };
}

/**
 * The current frame of a video as a JPEG that can be a poster; null if it shows next to nothing or is too detailed. It
 * throws a SecurityError if the video comes from another server.
 * @param {HTMLVideoElement} video
 * @returns {Promise<Blob | null>}
 */
export async function captureFrame(video) {
	if (!video.videoWidth) return null;
	const { context } = draw(video, sample);
	if (isDull(context.getImageData(0, 0, sample.width, sample.height).data)) return null;
	for (const [edge, quality] of attempts) {
		const { canvas } = draw(video, fittedSize(video.videoWidth, video.videoHeight, edge));
		/** @type {Blob | null} */
		const picture = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
		if (picture && picture.size <= maxBytes) return picture;
	}
	return null;
}

/**
 * A frame of a video that is loaded only for it, out of sight. The server of the video must allow the page to read it.
 * @param {string} url
 * @param {number} at seconds
 */
export async function captureFrameOf(url, at) {
	const video = document.createElement('video');
	/** @param {string} event */
	const reached = (event) => new Promise((resolve, reject) => {
		video.addEventListener(event, resolve, { once: true });
		video.addEventListener('error', () => reject(video.error), { once: true });
	});
	try {
		Object.assign(video, { crossOrigin: 'anonymous', muted: true, preload: 'metadata', src: url });
		await reached('loadedmetadata');
		video.currentTime = at;
		await reached('seeked');
		return await captureFrame(video);
	} finally {
		video.removeAttribute('src'); // ends the download
		video.load();
	}
}
