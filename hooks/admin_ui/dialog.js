// Dialogs of our pages. Unlike PocketBase's, they close with Escape wherever the focus is, keep the focus inside while they
// are open and return it to where it was.

/** @typedef {{label: string, style?: string, onclick?: () => void, submit?: boolean, autofocus?: boolean}} DialogButton */

let dialogs = 0;

/**
 * Shows a dialog until a button, Escape, a click beside it or another page closes it.
 * @param {{title: string, content: unknown, buttons: DialogButton[], size?: string, onsubmit?: () => void}} options
 * @returns {any} the dialog
 */
export function openDialog({ title, content, buttons, size = 'sm', onsubmit }) {
	const id = `operator_dialog_${++dialogs}`;
	const close = () => dialog.open && dialog.close();
	/** @param {DialogButton} options */
	const dialogButton = ({ label, style = 'secondary', onclick, submit, autofocus }) =>
		t.button(
			{
				type: submit ? 'submit' : 'button',
				className: `btn lg ${style}`,
				autofocus,
				onclick: () => {
					if (submit) return; // the form does it, also for Enter
					close();
					onclick?.();
				},
			},
			t.span({ className: 'txt' }, label),
		);
	const dialog = t.dialog(
		{
			className: `modal popup ${size}`,
			style: 'display: flex; opacity: 1; transform: none; padding: 0; height: fit-content',
			'html-aria-labelledby': id,
			onclick: (/** @type {MouseEvent} */ e) => {
				if (e.target === dialog) close(); // a handler that returned false would prevent clicks of buttons
			},
			onclose: () => {
				window.removeEventListener('hashchange', close);
				dialog.remove();
			},
		},
		t.form(
			{
				className: 'block',
				style: 'display: flex; flex-direction: column; min-height: 0; width: 100%',
				onsubmit: (/** @type {Event} */ e) => {
					e.preventDefault();
					close();
					onsubmit?.();
				},
			},
			t.header({ className: 'modal-header' }, t.h5({ id, className: 'm-0' }, title)),
			t.div({ className: 'modal-content' }, content),
			t.footer({ className: 'modal-footer' }, ...buttons.map(dialogButton)),
		),
	);
	document.body.append(dialog);
	dialog.showModal();
	window.addEventListener('hashchange', close);
	return dialog;
}

/**
 * Asks whether to do something. The dialog closes before it is done, so that messages about it can be seen.
 * @param {{title: string, text?: string, content?: unknown, yes: string, no?: string, style?: string, run: () => void}} question
 */
export const confirmDialog = ({ title, text = '', content, yes, no = 'Go back', style = '', run }) =>
	openDialog({
		title,
		content: content ?? t.p(null, text),
		buttons: [{ label: no, style: 'secondary m-r-auto' }, { label: yes, style, submit: true }],
		onsubmit: run,
	});

/** Lists facts, those with a value. @param {[string, unknown][]} facts */
export const factList = (facts) =>
	t.dl(
		{ style: 'display: grid; grid-template-columns: max-content 1fr; gap: 6px 15px; margin: 0' },
		...facts
			.filter(([, value]) => value)
			.flatMap(([name, value]) => [t.dt({ className: 'txt-hint', style: 'max-width: 40vw' }, name), t.dd({ style: 'margin: 0; overflow-wrap: anywhere', dir: 'auto' }, value)]),
	);
