/** The title of a meeting as people see it. @param {string | undefined} title */
export const titleText = (title) => (title?.trim() ? title : 'Untitled meeting');
