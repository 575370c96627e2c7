import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingPartText } from '../src/lib/part_text.js';

test('a part that is late is not said to be missing', () => {
	assert.equal(missingPartText('waiting', 'summary'), 'Not ready at Fathom yet. It is requested again automatically.');
	assert.match(missingPartText('none', 'transcript'), /no transcript/);
	assert.match(missingPartText(undefined, 'summary'), /not been copied yet/);
});
