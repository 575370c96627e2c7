import assert from 'node:assert/strict';
import { test } from 'node:test';
import { landingNear } from '../src/lib/focus_landing.js';

/** An element of a page, as far as a landing is searched in it. A name such as "h2 120" is a landing and its place. */
class FakeElement {
	isConnected = true;
	/** @type {FakeElement | null} */
	previousSibling = null;

	/** @param {string} name @param {FakeElement[]} children */
	constructor(name, children = []) {
		this.name = name;
		this.children = children;
		children.forEach((child, at) => {
			child.previousSibling = children[at - 1] ?? null;
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

	querySelector() {
		return this.querySelectorAll()[0] ?? null;
	}
}

/** @param {string} name @param {...FakeElement} children */
const element = (name, ...children) => new FakeElement(name, children);

/** The landing after the first of some elements, each in the next one, has disappeared. @param {number} place @param {any[]} path @param {FakeElement[]} gone */
function landing(place, path, gone) {
	for (const lost of gone) lost.isConnected = false;
	const steps = path.map((part) => ({ element: part, before: part.previousSibling }));
	const found = /** @type {any} */ (landingNear(/** @type {any} */ (steps), (/** @type {any} */ { name }) => Math.abs(Number(name.split(' ')[1]) - place)));
	return found?.name;
}

test('the focus of a vanished part of a bar goes to what is marked in it', () => {
	const clear = element('button');
	const actions = element('div', clear);
	const bar = element('bar', element('label', element('checkbox 50')), element('span'), actions);
	const page = element('page', element('h1 0'), bar, element('ul', element('row 80')));
	assert.equal(landing(50, [clear, actions, bar, page], [clear, actions]), 'checkbox 50');
});

test('after the last of more results is shown, the focus goes to the result that was above the button', () => {
	const button = element('button');
	const more = element('p', button);
	const list = element('ul', element('row 100'), element('row 200'), element('row 300'), element('row 400'));
	const page = element('page', element('h1 0'), list, more);
	assert.equal(landing(230, [button, more, page], [button, more]), 'row 200');
});

test('the focus stays in the row, or else in the section', () => {
	const copy = element('button');
	const side = element('div', copy);
	const row = element('li', element('row 200'), side);
	const section = element('section', element('h2 60'), element('ul', element('li', element('row 100')), row));
	const page = element('page', element('h1 0'), section);
	assert.equal(landing(200, [copy, side, row, section.children[1], section, page], [copy]), 'row 200');
	row.previousSibling = section.children[1].children[0]; // as when it is removed with its button
	assert.equal(landing(200, [copy, side, row, section.children[1], section, page], [copy, side, row, ...row.children]), 'row 100');
	const notice = element('notice');
	const card = element('section', element('h2 900'), element('p'), notice);
	assert.equal(landing(950, [notice, card, page], [notice]), 'h2 900');
	const banner = element('banner');
	assert.equal(landing(0, [banner, element('page', banner, element('h1 10'), element('h2 20'))], [banner]), 'h1 10', 'without any before it, the first one');
});
