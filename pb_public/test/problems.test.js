import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemsIn } from '../src/lib/problems.js';

let id = 0;
/** @param {string} error @returns {any} */
const dead = (error) => ({ id: String(++id), kind: 'recording.transfer', status: 'dead', error });

test('failed jobs with one cause are one problem, whatever their titles and sizes', () => {
	const problems = problemsIn([
		dead('Fathom could not prepare the video of this meeting. Try again later. Gave up after attempt 8 of 8. Retry once the problem is fixed.'),
		dead('Your storage is full: “Weekly” needs 26.1 MB, and 6 MB are left.'),
		dead('Your storage is full: “Sales, 2nd” needs 1,260 MB, and 5.5 MB are left.'),
		dead('Fathom could not prepare the video of this meeting. Try again later. Gave up after waiting for 24 hours. Retry once the problem is fixed.'),
		dead('Your storage is full: “Weekly” needs 3 kB, and 0 bytes are left.'),
	]);
	assert.deepEqual(problems.map(({ jobs }) => jobs.length), [3, 2]);
	assert.equal(problems[1].cause, 'Fathom could not prepare the video of this meeting. Try again later.');
	assert.deepEqual(problems.map(({ isHopeless }) => isHopeless), [true, false]);
});

test('a problem leads to where its cause can be removed', () => {
	/** @param {string} error */
	const sectionFor = (error) => problemsIn([dead(error)])[0].fix?.section;
	assert.equal(sectionFor('Your storage is full.'), 'storage');
	assert.equal(sectionFor('Save your Fathom API key under Settings first.'), 'fathom');
	assert.equal(sectionFor('Connect Loom in Settings first.'), 'loom');
	assert.equal(sectionFor('Atlassian refused the token.'), 'loom');
	assert.equal(sectionFor('This meeting has no video or audio at Fathom.'), undefined);
	assert.equal(problemsIn([dead('')])[0].cause, 'Something went wrong.');
});
