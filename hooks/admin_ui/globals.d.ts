// The globals of PocketBase's admin UI, which has no types of its own.

/** The admin UI: routes, client, dialogs, components. */
declare const app: any;

/** Creates elements: `t.div(attributes, ...children)`. A string among the children is text; a function is evaluated again when
 * the state that it reads changes. */
declare const t: any;

/** Returns state that elements follow. */
declare function store<T extends object>(state: T): T;
