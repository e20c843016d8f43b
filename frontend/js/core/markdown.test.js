// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { parse, plain } from './markdown.js';

/** Parts in short: strong is <b>, em <i>, code <c>, a block <p>, a quote <q>, a link <a>. @param {import('./markdown.js').Part[]} parts @returns {string} */
const short = (parts) => parts.map((part) => {
  const tag = { text: '', strong: 'b', em: 'i', code: 'c', block: 'p', quote: 'q', link: 'a' }[part.kind];
  const inside = 'parts' in part ? short(part.parts) : part.text;
  return tag === '' ? inside : `<${tag}>${inside}</${tag}>`;
}).join('');

/** @param {string} text */
const links = (text) => parse(text).flatMap((part) => (part.kind === 'link' ? [part.text] : []));

test('the subset', () => {
  for (const [text, want] of /** @type {[string, string][]} */ ([
    ['', ''], ['plain', 'plain'],
    ['**bold** and *it* and _it_', '<b>bold</b> and <i>it</i> and <i>it</i>'],
    ['**a *b* c**', '<b>a <i>b</i> c</b>'], ['*a **b** c*', '<i>a <b>b</b> c</i>'],
    ['(**a**), *b*!', '(<b>a</b>), <i>b</i>!'],
    ['`a *b* <c>`', '<c>a *b* <c></c>'],
    ['2*3*4 snake_case_name', '2*3*4 snake_case_name'],
    ['** a ** * b *', '** a ** * b *'], ['****', '****'], ['**', '**'], ['*a', '*a'], ['a*', 'a*'],
    ['**a *b** c*', '<b>a *b</b> c*'],
    ['`a\nb`', '`a\nb`'], ['``', '``'],
    ['a\n```\n**x**\n<b>\n```\nb', 'a<p>**x**\n<b></p>b'],
    ['```js\nlet a;\n```', '<p>let a;</p>'], ['```\nopen', '```\nopen'],
    ['> a\n>b *c*\nd', '<q>a\nb <i>c</i></q>d'], ['a > b', 'a > b'],
    ['**https://a.example/**', '<b><a>https://a.example/</a></b>'],
    ['*see https://a.example/b_c_d.*', '<i>see <a>https://a.example/b_c_d</a>.</i>'],
    ['`https://a.example`', '<c>https://a.example</c>'],
    ['[words](https://a.example)', '[words](<a>https://a.example</a>)'],
    ['<b>no</b> &amp;', '<b>no</b> &amp;'],
  ])) assert.equal(short(parse(text)), want, text);
});

test('links end where the address ends', () => {
  for (const [text, link] of /** @type {[string, string][]} */ ([
    ['go to https://a.example.', 'https://a.example'],
    ['(https://a.example/b)', 'https://a.example/b'],
    ['https://a.example/b_(c)', 'https://a.example/b_(c)'],
    ['is it https://a.example/?q=1&r=2#h?', 'https://a.example/?q=1&r=2#h'],
    ['“https://a.example/é”', 'https://a.example/é'],
    ['<https://a.example>', 'https://a.example'],
    ['HTTPS://A.EXAMPLE!', 'HTTPS://A.EXAMPLE'],
    ['www.a.example, too', 'www.a.example'],
  ])) assert.deepEqual(links(text), [link], text);
  assert.deepEqual(parse('www.a.example'), [{ kind: 'link', text: 'www.a.example', href: 'https://www.a.example/' }]);
});

test('only the web is linked, and only what shows where it leads', () => {
  for (const text of ['javascript:alert(1)', 'data:text/html,x', 'ftp://a.example', 'file:///etc/passwd', 'https://', 'http://?', 'xhttps://a.example',
    'mailto:a@b.c', 'https://good.example@evil.example', 'https://evil.example/\u202emoc.doog', 'https://a.exa\u200bmple', 'https://a.example\u0000']) {
    assert.deepEqual(links(text), [], JSON.stringify(text));
  }
});

test('the words of a hostile text are all there', () => {
  const n = 64 << 10;
  const hostile = {
    stars: '*'.repeat(n), open: '*a '.repeat(n / 3), both: '**_'.repeat(n / 3), ticks: '`'.repeat(n), tick: '`a'.repeat(n / 2), quotes: '> '.repeat(n / 2),
    quoted: '>\n'.repeat(n / 2), fences: '```\n'.repeat(n / 4), fenced: '```x\n'.repeat(n / 5), brackets: `https://a.example/${')'.repeat(n)}`,
    open2: `https://a.example/${'('.repeat(n / 2)}${')'.repeat(n / 2)}`, dots: `https://a.example/${'.x'.repeat(n / 2)}${'.'.repeat(n)}`,
    schemes: 'https://'.repeat(n / 8), www: 'www.'.repeat(n / 4), links: 'http://a.b '.repeat(n / 11), em: '*a* '.repeat(n / 4), deep: '**a *b _c '.repeat(n / 10), word: 'x'.repeat(n),
  };
  const bare = (/** @type {string} */ text) => text.replace(/[*_`>\s]|```\w*/g, '').replaceAll('```x', '');
  for (const [name, text] of Object.entries(hostile)) {
    const parts = parse(text);
    assert.equal(bare(plain(text)).replaceAll('x', ''), bare(text).replaceAll('x', ''), name);
    let nodes = 0;
    /** @param {import('./markdown.js').Part[]} list */
    const count = (list) => list.forEach((part) => (nodes++, 'parts' in part && count(part.parts)));
    count(parts);
    assert.ok(nodes < 900, `${name}: ${nodes} parts`);
  }
});
