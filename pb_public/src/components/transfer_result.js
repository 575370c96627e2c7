import { html } from '../lib/html.js';
import { transferResultText } from '../lib/transfer_result.js';
import { Notice } from './notice.js';

/** What a request to transfer several meetings did. @param {{result: import('../data/types.js').BulkTransfers | null}} props */
export const TransferResult = ({ result }) => (result && html`<${Notice} kind="note">${transferResultText(result)}</${Notice}>`);
