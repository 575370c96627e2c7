import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingPartText } from '../src/lib/part_text.js';

test('a part that is late is not said to be missing', () => {
	assert.match(missingPartText('waiting', 'summary'), /^Not ready yet\./);
	assert.equal(missingPartText('none', 'action_items'), 'Fathom has no action items for this meeting.');
	assert.match(missingPartText(undefined, 'summary'), /^The summary has not been copied yet\./);
	assert.match(missingPartText(undefined, 'highlights'), /^The highlights have not been copied yet\./);
});
