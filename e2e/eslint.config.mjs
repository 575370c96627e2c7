// The lint rules of the web app, of the additions to PocketBase's admin UI and of the JavaScript tests. Run with `npm run lint`.
import js from '@eslint/js'
import globals from 'globals'

const folders = ['components', 'data', 'lib']

/** Allows imports from vendor/, from the file's own folder and from the given folders, and no others. */
const importsOnly = (message, own, ...allowed) => {
  const sources = ['\\.\\./\\.\\./vendor/', ...allowed.map((folder) => `\\.\\./${folder}/`), ...(own ? ['\\./'] : [])]
  return { 'no-restricted-imports': ['error', { patterns: [{ regex: `^(?!(?:${sources.join('|')})[\\w-]+\\.js$)`, message }] }] }
}

/** HTML is never parsed from text: every text is shown through Preact or DOM nodes. */
const noHTMLFromText = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'dangerouslySetInnerHTML'].flatMap((name) => [
  { selector: `MemberExpression[property.name="${name}"]`, message: 'Build nodes instead.' },
  { selector: `Property[key.name="${name}"]`, message: 'Build nodes instead.' },
  { selector: `TemplateElement[value.raw=/${name}/]`, message: 'Build nodes instead.' },
])

/** The focus moves before the page is shown: an effect runs after it, and takes the focus back from a user who has pressed a key since. */
const focusBeforePaint = { selector: 'CallExpression[callee.name="useEffect"] Identifier[name=/^(focus|select)$/]', message: 'Move the focus in useLayoutEffect.' }

export default [
  { ignores: ['**/node_modules/', 'pb_public/dist/', 'pb_public/vendor/', 'e2e/artifacts/'] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-unused-vars': ['error', { args: 'all', caughtErrors: 'all' }],
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
    },
  },
  {
    files: ['pb_public/src/**', 'pb_public/share/**'],
    languageOptions: { globals: globals.browser },
    rules: { 'no-shadow': 'error', 'no-restricted-syntax': ['error', ...noHTMLFromText, focusBeforePaint] },
  },
  {
    files: ['hooks/admin_ui/**', 'app/gateway/admin_ui.js'],
    languageOptions: { globals: { ...globals.browser, app: 'readonly', t: 'readonly', store: 'readonly', watch: 'readonly', uPlot: 'readonly' } },
    rules: { 'no-shadow': 'error', 'no-restricted-syntax': ['error', ...noHTMLFromText] },
  },
  { files: ['pb_public/src/lib/**'], rules: importsOnly('lib imports only lib and vendor.', true) },
  { files: ['pb_public/src/data/**'], rules: importsOnly('data imports only data, lib and vendor.', true, 'lib') },
  { files: ['pb_public/src/components/**'], rules: importsOnly('components import only components, data, lib and vendor.', true, 'data', 'lib') },
  { files: ['pb_public/src/pages/**'], rules: importsOnly('pages import only components, data, lib and vendor.', false, ...folders) },
  {
    files: ['pb_public/src/main.js'],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: ['./pages/*'], message: 'Only app.js and more_pages.js import pages.' }] }] },
  },
  { files: ['pb_public/test/**', 'e2e/**'], languageOptions: { globals: globals.node } },
  { files: ['e2e/browser*.mjs'], languageOptions: { globals: globals.browser } }, // in functions that run on the page
]
