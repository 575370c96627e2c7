import assert from 'node:assert/strict';
import { test } from 'node:test';
import { titleText } from '../src/lib/meeting_title.js';

test('every meeting has a title', () => {
	assert.deepEqual(['Planning', '', '  ', undefined].map(titleText), ['Planning', 'Untitled meeting', 'Untitled meeting', 'Untitled meeting']);
});
