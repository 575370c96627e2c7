import assert from 'node:assert/strict';
import { test } from 'node:test';
import { landingFor } from '../src/lib/focus_landing.js';

/** An element of a page, as far as a landing is searched in it. A name such as "h2 120" is a landing and its place. */
class FakeElement {
	isConnected = true;
	/** @type {FakeElement | null} */
	previousSibling = null;
	/** @type {FakeElement | null} */
	parentNode = null;

	/** @param {string} name @param {FakeElement[]} children */
	constructor(name, children = []) {
		this.name = name;
		this.children = children;
		children.forEach((child, at) => {
			child.previousSibling = children[at - 1] ?? null;
			child.parentNode = this;
		});
	}

	/** The fake has no selectors: all elements with a place are landings. */
	matches() {
		return /\d$/.test(this.name);
	}

	/** @returns {FakeElement[]} */
	querySelectorAll() {
		return this.children.flatMap((child) => [...(child.matches() ? [child] : []), ...child.querySelectorAll()]);
	}

	get localName() {
		return this.name;
	}
}

/** @param {string} name @param {...FakeElement} children */
const element = (name, ...children) => new FakeElement(name, children);

/**
 * The landing after the first of some elements, each in the next one, has disappeared.
 * @param {number} place @param {FakeElement[]} path @param {FakeElement[]} gone @param {FakeElement[]} [added]
 */
function landing(place, path, gone, added = []) {
	for (const lost of gone) lost.isConnected = false;
	const before = path.findLast(({ isConnected }) => !isConnected)?.previousSibling;
	const found = /** @type {any} */ (landingFor(.../** @type {[any, any, any, any]} */ ([
		path, before, new Set(added), (/** @type {FakeElement} */ { name }) => Math.abs(Number(name.split(' ')[1]) - place),
	])));
	return found?.name;
}

test('the focus of a vanished part of a bar goes to what is marked in it', () => {
	const clear = element('button');
	const actions = element('div', clear);
	const bar = element('bar', element('label', element('checkbox 50')), element('span'), actions);
	const page = element('page', element('h1 0'), bar, element('ul', element('li', element('row 80'))));
	assert.equal(landing(50, [clear, actions, bar, page], [clear, actions]), 'checkbox 50');
});

test('after the last of more results is shown, the focus goes to the first new one', () => {
	const button = element('button');
	const more = element('p', button);
	const rows = [100, 200, 300, 400].map((top) => element('li', element(`row ${top}`)));
	const page = element('page', element('h1 0'), element('ul', ...rows), more);
	assert.equal(landing(230, [button, more, page], [button, more], rows.slice(2)), 'row 300');
});

test('the focus stays in the row, in the list, or else in the section', () => {
	const copy = element('button');
	const side = element('div', copy);
	const row = element('li', element('row 200'), side);
	const list = element('ul', element('li', element('row 100')), row, element('li', element('row 280')));
	const steps = element('ol', element('li', element('h3 500')));
	const video = element('video', element('button'));
	const section = element('section', element('h2 60'), list, steps, video);
	const page = element('page', element('h1 0'), section);
	assert.equal(landing(200, [copy, side, row, list, section, page], [copy]), 'row 200');
	assert.equal(landing(600, [video.children[0], video, section, page], [...video.children, video]), 'h2 60', 'not a heading of another part');
	list.children.splice(1, 1); // the row
	assert.equal(landing(210, [copy, side, row, list, section, page], [copy, side, row]), 'row 280');
});
