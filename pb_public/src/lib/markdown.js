// Markdown from Fathom as Preact nodes. Marked only splits the text into tokens; no HTML is ever
// produced or parsed, and HTML in the text is shown as text. All work is bounded, because the text
// comes from outside and a pathological one must not block the page.
import { Lexer } from '../../vendor/marked.js';
import { h } from '../../vendor/preact.js';
import { safeURL, textLinkSchemes } from './safe_url.js';

/** @typedef {import('../../vendor/preact.js').Child} Child */
/** @typedef {import('../../vendor/marked.js').Token} Token */

// A real summary has about 10,000 characters, 300 nodes and 3 levels.
export const limits = {
	characters: 50_000,
	inlineCharacters: 4_000, // of one paragraph, in which the lexer can take quadratic time
	depth: 16, // of blocks, and of formatting within a paragraph
	nodes: 5_000,
};

/** Stops at the depth limit: what is nested deeper stays plain text. */
class BoundedLexer extends Lexer {
	#depth = 0;

	/** @param {string} source @param {Token[]} [tokens] @param {boolean} [lastParagraphClipped] */
	blockTokens(source, tokens = [], lastParagraphClipped) {
		return this.#descend(source, tokens, () => super.blockTokens(source, tokens, lastParagraphClipped));
	}

	/** @param {string} source @param {Token[]} [tokens] */
	inlineTokens(source, tokens = []) {
		if (source.length > limits.inlineCharacters) return plain(source, tokens);
		return this.#descend(source, tokens, () => super.inlineTokens(source, tokens));
	}

	/** @param {string} source @param {Token[]} tokens @param {() => Token[]} lex */
	#descend(source, tokens, lex) {
		if (this.#depth >= limits.depth) return plain(source, tokens);
		this.#depth++;
		try {
			return lex();
		} finally {
			this.#depth--;
		}
	}
}

/** @param {string} source @param {Token[]} tokens */
function plain(source, tokens) {
	tokens.push({ type: 'text', raw: source, text: source });
	return tokens;
}

/** The start of a text, up to the character limit. @param {string} text */
export const excerpt = (text) => text.slice(0, limits.characters);

/**
 * Converts Markdown to nodes. `truncated` reports whether the text exceeds a limit, so that only its
 * beginning was converted. `momentOf` finds links that lead to a moment of the recording; they become buttons with data-at.
 * @param {string} text
 * @param {(link: string) => number | undefined} [momentOf] in seconds; undefined for other links
 * @returns {{nodes: Child[], truncated: boolean}}
 */
export function parseMarkdown(text, momentOf = () => undefined) {
	const tokens = new BoundedLexer({ gfm: true }).lex(excerpt(text));
	const builder = new NodeBuilder(tokens, momentOf);
	const nodes = builder.children(tokens);
	return { nodes, truncated: builder.isFull || text.length > limits.characters };
}

class NodeBuilder {
	#left = limits.nodes;
	#headingShift;
	#momentOf;

	/** @param {Token[]} tokens @param {(link: string) => number | undefined} momentOf */
	constructor(tokens, momentOf) {
		this.#momentOf = momentOf;
		const depths = tokens.filter(({ type }) => type === 'heading').map(({ depth }) => depth);
		this.#headingShift = 3 - Math.min(6, ...depths); // h1 and h2 belong to the page
	}

	/** Reports whether the node limit is reached; from then on, nothing is added. */
	get isFull() {
		return this.#left <= 0;
	}

	/** @param {Token[]} tokens @returns {Child[]} */
	children(tokens) {
		return this.#map(tokens, (token) => this.#node(token));
	}

	/**
	 * @template T
	 * @param {T[]} items
	 * @param {(item: T) => Child} convert
	 */
	#map(items, convert) {
		/** @type {Child[]} */
		const nodes = [];
		for (const item of items) {
			if (this.isFull) break;
			this.#left--;
			nodes.push(convert(item));
		}
		return nodes;
	}

	/** @param {Token} token @returns {Child} */
	#node(token) {
		switch (token.type) {
			case 'space':
			case 'def':
			case 'checkbox': // shown by the list item
				return null;
			case 'heading':
				return h(`h${Math.min(token.depth + this.#headingShift, 6)}`, null, this.#content(token));
			case 'paragraph':
				return h('p', null, this.#content(token));
			case 'blockquote':
			case 'strong':
			case 'em':
			case 'del':
				return h(token.type, null, this.#content(token));
			case 'list':
				return h(token.ordered ? 'ol' : 'ul', token.ordered && token.start !== 1 ? { start: token.start } : null,
					this.#map(token.items, (/** @type {Token} */ item) => this.#listItem(item)));
			case 'table':
				return this.#table(token);
			case 'code':
				return h('pre', null, h('code', null, token.text));
			case 'codespan':
				return h('code', null, token.text);
			case 'hr':
			case 'br':
				return h(token.type, null);
			case 'link':
				return this.#link(token.autolink ? token.href : decodeEntities(token.href), this.#content(token));
			case 'image':
				return link(decodeEntities(token.href), decodeEntities(token.text ?? '') || 'Image');
			default:
				return this.#content(token);
		}
	}

	/** The token's children, otherwise its text. @param {Token} token @returns {Child} */
	#content(token) {
		if (token.tokens) return this.children(token.tokens);
		const text = token.text ?? token.raw;
		return token.type === 'text' && token.escaped === false ? decodeEntities(text) : text;
	}

	/** @param {string} target @param {Child} content @returns {Child} */
	#link(target, content) {
		const at = this.#momentOf(target);
		return at === undefined ? link(target, content) : h('button', { type: 'button', class: 'link', 'data-at': at }, content);
	}

	/** @param {Token} item @returns {Child} */
	#listItem(item) {
		if (!item.task) return h('li', null, this.#content(item));
		return h('li', { class: item.checked ? 'task done' : 'task' },
			h('span', { class: 'box', 'aria-hidden': 'true' }),
			h('span', { class: 'hidden' }, item.checked ? 'Done: ' : 'To do: '),
			this.#content(item));
	}

	/** @param {Token} table @returns {Child} */
	#table(table) {
		/** @param {string} tag @returns {(cell: Token) => Child} */
		const cell = (tag) => (token) => h(tag, token.align ? { class: `align-${token.align}` } : null, this.#content(token));
		return h('div', { class: 'table-scroll' }, h('table', null,
			h('thead', null, h('tr', null, this.#map(table.header, cell('th')))),
			h('tbody', null, this.#map(table.rows, (/** @type {Token[]} */ row) => h('tr', null, this.#map(row, cell('td')))))));
	}
}

/** A link if its target is safe, otherwise only its text. @param {string} target @param {Child} content @returns {Child} */
function link(target, content) {
	const href = safeURL(target, textLinkSchemes);
	return href ? h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, content) : content;
}

/** @type {Record<string, string>} */
const namedEntities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', ndash: '–', mdash: '—', hellip: '…', rsquo: '’', lsquo: '‘' };

/** Marked leaves character references to the HTML parser, which is not involved here. @param {string} text */
function decodeEntities(text) {
	return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]+));/g, (entity, decimal, hex, name) => {
		if (name) return namedEntities[name] ?? entity;
		const code = decimal ? Number(decimal) : parseInt(hex, 16);
		return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
	});
}
