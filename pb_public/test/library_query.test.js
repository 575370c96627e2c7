import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFiltered, lengthOf, libraryHref, parseLibraryQuery } from '../src/lib/library_query.js';

globalThis.document ??= /** @type {any} */ ({ baseURI: 'http://localhost/' });

/** @type {import('../src/lib/library_query.js').LibraryView} */
const everything = {
	filter: { state: 'your_turn', from: '2026-01-01', to: '2026-01-31', person: 'Ada & Bob', type: 'external', title: '100% ?', min_minutes: 15, max_minutes: 30 },
	sort: 'longest', view: 'grid',
};

test('an address says all that the library shows', () => {
	assert.deepEqual(parseLibraryQuery(libraryHref(everything).split('?')[1]), everything);
	assert.deepEqual(parseLibraryQuery(''), { filter: {}, sort: 'newest', view: 'list' });
	assert.ok(!libraryHref(parseLibraryQuery('')).includes('?'));
});

test('what can’t be used in an address is left out', () => {
	const query = 'state=done&from=tomorrow&to=2026-99-99&length=x-y&sort=random&view=cube&title=%20&other=1';
	assert.deepEqual(parseLibraryQuery(query), { filter: {}, sort: 'newest', view: 'list' });
	assert.equal(parseLibraryQuery(`title=${'a'.repeat(500)}`).filter.title?.length, 200);
	assert.deepEqual(parseLibraryQuery('from=0020-01-01&to=0202-01-01').filter, {}, 'years that are still being typed');
	assert.deepEqual(parseLibraryQuery('length=60-').filter, { min_minutes: 60 });
	assert.deepEqual(parseLibraryQuery('length=-15').filter, { max_minutes: 15 });
	assert.equal(lengthOf({ max_minutes: 15 }), '-15');
});

test('a state is a filter of its own', () => {
	assert.equal(isFiltered({ state: 'problem' }), true);
	assert.equal(isFiltered({ state: 'problem' }, true), false);
	assert.equal(isFiltered({ state: undefined, title: '', tz: 'Europe/Zurich' }), false);
});
