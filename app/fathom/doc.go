// Package fathom is a client of the Fathom External API
// (https://developers.fathom.ai/api-reference): it lists meetings and what
// belongs to them, asks for recordings and streams their files to disk.
//
// A [Client] is shared by the whole program; an [Account] is one API key's view
// of it. Both are safe for concurrent use. The rate budgets of a key are shared
// by every Account of that key, so that two jobs of one user stay within what
// Fathom allows. Budgets are found by the SHA-256 of the key; the key itself
// lives only in the Account.
//
// Errors are *[Error] with a [Kind], except a cancelled context, which comes
// back as itself, [ErrLinkExpired], and trouble with the local file.
//
// The package must not read the environment, must not log or return a key or a
// signed file URL, and must not send a key anywhere but to the configured host.
package fathom
