import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerpt, limits, parseMarkdown } from '../src/lib/markdown.js';

const budget = 2_000; // milliseconds of CPU time; the slowest text here takes about an eighth of it

/** The nodes as HTML, for comparison only. @param {any} node @returns {string} */
function markup(node) {
	if (Array.isArray(node)) return node.map(markup).join('');
	if (node === null || node === undefined || typeof node === 'boolean') return '';
	if (typeof node !== 'object') return String(node).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
	const { children, ...props } = node.props;
	const attributes = Object.entries(props).map(([name, value]) => ` ${name}="${value}"`).join('');
	return `<${node.type}${attributes}>${markup(children)}</${node.type}>`;
}

/** @param {string} text */
const render = (text) => markup(parseMarkdown(text).nodes).replaceAll(' target="_blank" rel="noopener noreferrer"', '');

/** @param {any} node @returns {number} */
function depthOf(node) {
	if (Array.isArray(node)) return Math.max(0, ...node.map(depthOf));
	return node && typeof node === 'object' ? 1 + depthOf(node.props.children) : 0;
}

/** @param {any} node @returns {number} */
function countNodes(node) {
	if (Array.isArray(node)) return node.reduce((total, child) => total + countNodes(child), 0);
	return node && typeof node === 'object' ? 1 + countNodes(node.props.children) : 0;
}

/** @param {number} count @param {(index: number) => string} line */
const lines = (count, line) => [...Array(count).keys()].map(line).join('\n');

/** Parses within the budget, and checks the limits of the result. @param {string} text */
function parseHostile(text) {
	const start = process.cpuUsage();
	const { nodes, truncated } = parseMarkdown(text);
	const took = process.cpuUsage(start).user / 1000;
	assert.ok(took < budget, `${text.slice(0, 20)} took ${Math.round(took)} ms`);
	assert.ok(countNodes(nodes) <= 2 * limits.nodes, `has ${countNodes(nodes)} nodes`);
	assert.ok(depthOf(nodes) <= 3 * limits.depth, `is ${depthOf(nodes)} levels deep`);
	return { text: markup(nodes), truncated };
}

test('headings start at h3, below those of the page', () => {
	assert.equal(render('# A\n\n## B\n\n###### C'), '<h3>A</h3><h4>B</h4><h6>C</h6>');
	assert.equal(render('### A\n\n#### B'), '<h3>A</h3><h4>B</h4>');
});

test('paragraphs keep their formatting', () => {
	assert.equal(render('**a** _b_ ~~c~~ `d & <e>`'), '<p><strong>a</strong> <em>b</em> <del>c</del> <code>d &amp; &lt;e></code></p>');
	assert.equal(render('a  \nb'), '<p>a<br></br>b</p>');
	assert.equal(render('a\n\n---\n\nb'), '<p>a</p><hr></hr><p>b</p>');
	assert.equal(render('> a\n> b'), '<blockquote><p>a\nb</p></blockquote>');
});

test('lists are nested', () => {
	assert.equal(render('- a\n  - b\n    1. c\n- d'), '<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ul>');
	assert.equal(render('3. a\n4. b'), '<ol start="3"><li>a</li><li>b</li></ol>');
});

test('task items show whether they are done', () => {
	const list = render('- [x] a\n- [ ] b');
	assert.match(list, /<li class="task done"><span class="box" aria-hidden="true"><\/span><span class="hidden">Done: <\/span>a<\/li>/);
	assert.match(list, /<li class="task">.*To do: <\/span>b<\/li>/);
});

test('tables have headers and alignment', () => {
	assert.equal(render('| a | b |\n|---|--:|\n| **c** | d |'),
		'<div class="table-scroll"><table><thead><tr><th>a</th><th class="align-right">b</th></tr></thead>'
		+ '<tbody><tr><td><strong>c</strong></td><td class="align-right">d</td></tr></tbody></table></div>');
});

test('code is shown as it is', () => {
	assert.equal(render('```js\na < b && **c**\n```'), '<pre><code>a &lt; b &amp;&amp; **c**</code></pre>');
	assert.equal(render('```\nunclosed\n\n- still code'), '<pre><code>unclosed\n\n- still code</code></pre>');
});

test('links to the web and to e-mail addresses work', () => {
	assert.equal(render('[a **b**](https://example.com/?x=1&y=2)'), '<p><a href="https://example.com/?x=1&y=2">a <strong>b</strong></a></p>');
	assert.equal(render('[a](https://example.com/?x=1&amp;y=2)'), '<p><a href="https://example.com/?x=1&y=2">a</a></p>');
	assert.equal(render('[a][r]\n\n[r]: https://example.com/'), '<p><a href="https://example.com/">a</a></p>');
	assert.equal(render('https://example.com/?a=1&b=2'), '<p><a href="https://example.com/?a=1&b=2">https://example.com/?a=1&amp;b=2</a></p>');
	assert.equal(render('<a@example.com>'), '<p><a href="mailto:a@example.com">a@example.com</a></p>');
	assert.match(markup(parseMarkdown('[a](https://example.com)').nodes), /target="_blank" rel="noopener noreferrer"/);
});

test('links to moments become buttons', () => {
	const { nodes } = parseMarkdown('[How it **began**](https://a.example/?at=5) and [more](https://a.example/)', (link) => (link.endsWith('at=5') ? 5 : undefined));
	assert.match(markup(nodes), /^<p><button type="button" class="link" data-at="5">How it <strong>began<\/strong><\/button> and <a href="https:\/\/a\.example\/"/);
});

test('unsafe links are shown as their text', () => {
	for (const target of [
		'javascript:alert(1)', 'JavaScript:alert(1)', '&#106;avascript:alert(1)', '&#x6A;avascript:alert(1)', 'java&#10;script:alert(1)',
		'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', '/relative', '#hash',
	]) {
		assert.equal(render(`[a](${target})`), '<p>a</p>', target);
		assert.equal(render(`![a](${target})`), '<p>a</p>', target);
	}
	assert.ok(!render('<javascript:alert(1)>').includes('href'));
	assert.ok(!render('[a][r]\n\n[r]: javascript:alert(1)').includes('href'));
});

test('images become links', () => {
	assert.equal(render('![a](https://example.com/i.png)'), '<p><a href="https://example.com/i.png">a</a></p>');
	assert.equal(render('![](https://example.com/i.png)'), '<p><a href="https://example.com/i.png">Image</a></p>');
});

test('HTML is shown as text', () => {
	for (const html of ['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<b onclick="x">a</b>', '<!-- a -->', '<div>\n<iframe src="x">\n</div>']) {
		for (const text of [html, `a ${html} b`, `- ${html}`]) {
			const shown = render(text);
			assert.ok(!/<(script|img|b|!--|div|iframe)/.test(shown), shown);
			assert.ok(shown.includes(html.split('\n')[0].replaceAll('<', '&lt;')), shown);
		}
	}
});

test('character references are decoded', () => {
	assert.equal(render('a &amp; b &lt;c&gt; &#65;&#x42; &nbsp;&unknown; &#0; &#x110000;'), '<p>a &amp; b &lt;c> AB \u00a0&amp;unknown; \ufffd \ufffd</p>');
	assert.equal(render('`&amp;`'), '<p><code>&amp;amp;</code></p>');
});

test('an empty text has no nodes', () => {
	assert.equal(render(''), '');
	assert.equal(render('\n\n  \n'), '');
});

test('a long text shows its beginning', () => {
	for (const line of ['word word\n', 'word\n\n', '- item\n', '| a | b |\n', '# Title\n', '> quote\n', '```\n', '**a** [b](https://c.d)\n', '<div>\n', '[a]: b\n']) {
		const { text, truncated } = parseHostile('First\n\n' + line.repeat(200_000));
		assert.ok(text.startsWith('<p>First</p>'), line);
		assert.equal(truncated, true, line);
	}
});

test('a text with too many parts shows its beginning', () => {
	const text = '- a\n'.repeat(limits.nodes);
	assert.ok(text.length < limits.characters);
	assert.equal(parseHostile(text).truncated, true);
});

test('a text within the limits is complete', () => {
	const { text, truncated } = parseHostile('- item\n'.repeat(1_000) + '\nLast');
	assert.equal(truncated, false);
	assert.ok(text.endsWith('<p>Last</p>'));
});

test('deep nesting is cut off, but its text stays', () => {
	const levels = 1_300;
	for (const [name, text] of Object.entries({
		lists: lines(levels, (level) => `${' '.repeat(2 * level)}- x`),
		'numbered lists': lines(levels, (level) => `${' '.repeat(3 * level)}1. x`),
		'lists on one line': `${'- '.repeat(levels)}deep`,
		quotes: `${'>'.repeat(levels)} deep`,
		'quotes and lists': `${'> - '.repeat(levels)}deep`,
		emphasis: `${'*a '.repeat(levels)}deep${' b*'.repeat(levels)}`,
		'strong emphasis': `${'**a _b '.repeat(levels)}deep${' b_ c**'.repeat(levels)}`,
		brackets: `${'['.repeat(levels)}deep${']'.repeat(levels)}(https://example.com)`,
	})) {
		const shown = parseHostile(text).text;
		assert.ok(/deep|x/.test(shown), name);
	}
});

test('texts that are slow to parse stay within the budget', () => {
	const size = limits.characters;
	for (const part of ['*a*', '*a ', '**a ', '_a_', '`a', '[', '![', '[a](', '[a][b]', '~~a ', '<', '<a ', '<!-- ', '&', 'a@', 'http://', 'www.a.', '\\', '(', '|', '|-', '* ', '\n', ' ', '\t']) {
		parseHostile(part.repeat(size / part.length));
		parseHostile(`a ${part.repeat(size / part.length)} b`);
		const paragraph = part.trim() && part.repeat(limits.inlineCharacters / part.length - 1);
		parseHostile(`${paragraph}\n\n`.repeat(20));
	}
	parseHostile(`|${'a|'.repeat(5_000)}\n|${'-|'.repeat(5_000)}\n${`|${'x|'.repeat(5_000)}\n`.repeat(10)}`);
	parseHostile(lines(400, (n) => '`'.repeat(n)));
});

test('excerpt is what the plain text shows', () => {
	assert.equal(excerpt('short'), 'short');
	assert.equal(excerpt('x'.repeat(limits.characters + 1)).length, limits.characters);
});
