/** The configuration of an assistant that sends a token, ready to paste. @param {string} url of the app */
export const assistantConfig = (url) => JSON.stringify({
	mcpServers: { 'fathom-to-loom': { type: 'http', url: `${url}/mcp`, headers: { Authorization: 'Bearer YOUR_TOKEN' } } },
}, null, 2);
