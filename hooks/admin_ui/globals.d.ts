// The globals of PocketBase's admin UI, which has no types of its own.

/** The admin UI: routes, client, dialogs, components. */
declare const app: any;

/** Creates elements: `t.div(attributes, ...children)`. A string among the children is text; a function is evaluated again when
 * the state that it reads changes. */
declare const t: any;

/** Returns state that elements follow. */
declare function store<T extends object>(state: T): T;

/** Calls a function when the state that another one reads has changed, and once at the beginning. */
declare function watch<T>(reads: () => T, then: (state: T) => void): { unwatch: () => void };

/** The library for charts, which PocketBase loads. */
declare const uPlot: any;
