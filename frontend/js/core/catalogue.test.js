// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { unfold } from './catalogue.js';

test('keys are whole again, with their texts and plural forms', () => {
  const lines = ['app.name Sotto', 'list.said {name}: {text}', '.unread {n} message\t{n} messages', 'notice.left.todo ', '..what {who} left', '.more What this means', 'reply Reply'];
  assert.deepEqual(unfold(lines.join('\n')), {
    'app.name': 'Sotto', 'list.said': '{name}: {text}', 'list.unread': { one: '{n} message', other: '{n} messages' },
    'notice.left.todo': '', 'notice.left.what': '{who} left', 'notice.more': 'What this means', reply: 'Reply',
  });
});
