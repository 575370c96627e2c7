import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { carryTyping, isCarrying, takeTyping } from '../src/lib/carried_typing.js';

const page = new EventTarget();
Object.assign(globalThis, {
	addEventListener: page.addEventListener.bind(page), removeEventListener: page.removeEventListener.bind(page),
});
beforeEach(() => takeTyping('search'));

/** Presses keys, and returns those that nothing has taken. @param {string[]} keys @param {object} [more] */
const press = (keys, more) => keys.filter((key) => page.dispatchEvent(Object.assign(new Event('keydown', { cancelable: true }), { key, ...more })));

test('what is typed until the field appears is kept, spaces and all', () => {
	carryTyping('search', 'budget ');
	assert.deepEqual(press([...'plany', 'Backspace', 'Shift', 'Enter']), ['Shift', 'Enter']);
	assert.equal(takeTyping('another'), undefined);
	assert.equal(takeTyping('search'), 'budget plan');
	assert.deepEqual(press(['j']), ['j'], 'then the field has the keys');
	assert.equal(takeTyping('search'), undefined);
});

test('keys with Ctrl and those of an input method are left alone', () => {
	carryTyping('search', '');
	for (const more of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { isComposing: true }]) assert.deepEqual(press(['k'], more), ['k']);
	assert.equal(takeTyping('search'), '');
});

test('typing is carried no longer than the user wants', (t) => {
	for (const event of ['pointerdown', 'popstate']) {
		carryTyping('search', 'a');
		page.dispatchEvent(new Event(event));
		assert.equal(isCarrying(), false, event);
	}
	for (const key of ['Tab', 'Escape']) {
		carryTyping('search', 'a');
		assert.deepEqual(press([key, 'j']), [key, 'j']);
		assert.equal(isCarrying(), false, key);
	}
	mock.timers.enable({ apis: ['setTimeout'] });
	t.after(() => mock.timers.reset());
	carryTyping('search', 'a');
	mock.timers.tick(5_000);
	assert.equal(isCarrying(), false, 'the field doesn’t appear');
});
