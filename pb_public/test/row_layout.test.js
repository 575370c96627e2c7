import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut, rowsBetween, sectionOf, topOf } from '../src/lib/row_layout.js';

const months = [{ name: '2026-02', count: 3 }, { name: '2026-01', count: 5 }, { name: '', count: 1 }];
const list = layOut(months, { row: 80, heading: 40, columns: 1 });

test('the height and the place of every row is known without the rows', () => {
	assert.deepEqual(list.sections.map(({ first, top, height }) => [first, top, height]), [[0, 0, 280], [3, 280, 440], [8, 720, 120]]);
	assert.equal(list.height, 840);
	assert.deepEqual([0, 2, 3, 8].map((index) => topOf(list, index)), [40, 200, 320, 760]);
	assert.equal(sectionOf(list, 7)?.name, '2026-01');
	assert.equal(sectionOf(list, 9), undefined);
});

test('only rows of the visible part are shown', () => {
	assert.deepEqual(rowsBetween(list, 0, 120), [0, 1]);
	assert.deepEqual(rowsBetween(list, 125, 330), [1, 4]);
	assert.deepEqual(rowsBetween(list, -500, 10_000), [0, 9]);
	assert.deepEqual(rowsBetween(list, 5000, 6000), [0, 0]);
	assert.deepEqual(rowsBetween(layOut([], list.measures), 0, 500), [0, 0]);
});

test('a grid has several meetings in a line', () => {
	const grid = layOut(months, { row: 200, heading: 40, columns: 2 });
	assert.equal(grid.height, 3 * 40 + (2 + 3 + 1) * 200);
	assert.deepEqual([0, 1, 2, 3].map((index) => topOf(grid, index)), [40, 40, 240, 480]);
	assert.deepEqual(rowsBetween(grid, 0, 100), [0, 2]);
});

test('every row is in exactly one place, whatever is visible', () => {
	const many = layOut([...Array(120).keys()].map((n) => ({ name: String(n), count: n % 7 * 20 })), { row: 88, heading: 48, columns: 1 });
	for (let top = 0; top < many.height; top += 977) {
		const [from, to] = rowsBetween(many, top, top + 800);
		assert.ok(to - from <= 12, `${to - from} rows`);
		if (from > 0 && from < to) assert.ok(topOf(many, from - 1) + 88 <= top + 88 && topOf(many, to - 1) < top + 800);
	}
});
