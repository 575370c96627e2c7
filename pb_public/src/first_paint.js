// Applies the reader's choice of light or dark before the page is drawn. It is no module, because browsers run those after the
// first paint; lib/theme.js does the rest.
document.documentElement.dataset.theme = localStorage.getItem('theme') ?? 'system';
