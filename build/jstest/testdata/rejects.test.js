import { test } from 'node:test';

test('leaves a promise behind', async () => {
  Promise.reject(new Error('nobody waits for this'));
  await new Promise((done) => setTimeout(done));
});
