import { test } from 'node:test';

test('is never reached', () => {});
throw new Error('thrown while it loads');
