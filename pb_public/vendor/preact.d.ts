// The part of Preact's declarations that the web app uses.
export interface VNode {
	type: any;
	props: any;
	key: any;
}
export type Child = VNode | string | number | boolean | null | undefined | Child[];
export function h(type: any, props: Record<string, any> | null, ...children: any[]): VNode;
export function render(vnode: Child, parent: Element): void;
export const Fragment: any;
export class Component<Props, State> {
	constructor(props: Props);
	props: Props & { children?: any };
	state: State;
	setState(change: Partial<State>): void;
}
