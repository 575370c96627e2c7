// The part of Marked's declarations that the web app uses.

/** A token of any type; which fields it has depends on the type. */
export interface Token {
	type: string;
	raw: string;
	text?: string;
	tokens?: Token[];
	[field: string]: any;
}

export class Lexer {
	constructor(options?: { gfm?: boolean });
	lex(source: string): Token[];
	blockTokens(source: string, tokens?: Token[], lastParagraphClipped?: boolean): Token[];
	inlineTokens(source: string, tokens?: Token[]): Token[];
}
