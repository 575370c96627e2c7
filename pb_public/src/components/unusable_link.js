import { html } from '../lib/html.js';
import { AccountCard } from './account_card.js';
import { Notice } from './notice.js';

/** Says why a link in a mail doesn't work. @param {{title: string, problem: string, href: string}} props href leads to where people ask for another one */
export const UnusableLink = ({ title, problem, href }) => html`
	<${AccountCard} title=${title}>
		<${Notice}>${problem}</${Notice}>
		<p><a class="button primary" href=${href}>Ask for another link</a></p>
	</${AccountCard}>`;
