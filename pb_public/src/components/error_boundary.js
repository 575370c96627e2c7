import { Component } from '../../vendor/preact.js';

/** @typedef {import('../../vendor/preact.js').Child} Child */

/**
 * Shows `fallback` in place of children that fail to render. Give it a key that changes with the
 * children, so that the next ones get a new chance.
 * @extends {Component<{fallback: Child, children?: Child}, {failed: boolean}>}
 */
export class ErrorBoundary extends Component {
	/** @param {{fallback: Child, children?: Child}} props */
	constructor(props) {
		super(props);
		this.state = { failed: false };
	}

	static getDerivedStateFromError() {
		return { failed: true };
	}

	/** @param {unknown} error */
	componentDidCatch(error) {
		console.error(error);
	}

	render() {
		return this.state.failed ? this.props.fallback : this.props.children;
	}
}
