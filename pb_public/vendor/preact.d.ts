// What the web app uses of Preact, in place of its full declarations.
export interface VNode {
	type: any;
	props: any;
	key: any;
}
export type Child = VNode | string | number | boolean | null | undefined | Child[];
export function h(type: any, props: Record<string, any> | null, ...children: any[]): VNode;
export function render(vnode: Child, parent: Element): void;
export const Fragment: any;
