// Measurements of a page: what axe finds, how much moved while it loaded, and whether it is wider than the window.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { context, page } from './browser.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const maxShift = 0.02

export const sizes = { phone: { width: 390, height: 844 }, tablet: { width: 820, height: 1180 }, desktop: { width: 1280, height: 800 } }
/** All sizes in both color schemes. @type {{size: keyof typeof sizes, scheme: 'light'|'dark'}[]} */
export const looks = Object.keys(sizes).flatMap((size) => ['light', 'dark'].map((scheme) => ({ size, scheme })))

/** Shows the page in a size and a color scheme. */
export async function look({ size, scheme }) {
  await page.setViewportSize(sizes[size])
  await page.emulateMedia({ colorScheme: scheme })
}

/** Waits until nothing is loading and two frames have been drawn. */
async function settle() {
  await page.waitForFunction(() => !document.querySelector('.spinner, .splash') && [...document.images].every((image) => image.complete || image.loading === 'lazy'))
  await page.evaluate(() => document.fonts.ready.then(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(() => resolve())) })))
}

/** What moved since the page was opened without being caused by the user, as [score, elements]. */
const shifts = () => page.evaluate(() => new Promise((resolve) => {
  const found = []
  const observer = new PerformanceObserver((list) => found.push(...list.getEntries()))
  observer.observe({ type: 'layout-shift', buffered: true })
  requestAnimationFrame(() => requestAnimationFrame(() => {
    found.push(...observer.takeRecords())
    observer.disconnect()
    resolve(found.filter((entry) => !entry.hadRecentInput).map(({ value, sources }) => [value, sources.map(({ node }) => {
      const element = node?.nodeType === 1 ? node : node?.parentElement
      return element ? `${element.localName}.${element.className}` : 'a removed element'
    })]))
  }))
}))

/** Violations of WCAG 2.1 A and AA, a line for each. Axe is evaluated by the browser's debugger, which the page's policy permits. */
async function violations() {
  const devtools = await context.newCDPSession(page)
  await devtools.send('Runtime.evaluate', { expression: axe })
  await devtools.detach()
  return page.evaluate(async () => {
    const found = await globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'], rules: { 'label-content-name-mismatch': { enabled: true } },
    })
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, any }) => `${target.join(' ')} ${any[0]?.message ?? ''}`).join('; ')}`)
  })
}

/**
 * Checks the page as it is after it was opened, and returns its shift and the number of axe's violations. All problems of a
 * page are reported together.
 * @param {string} name
 * @returns {Promise<{shift: number, found: string[]}>}
 */
export async function examine(name) {
  await settle()
  const moved = await shifts()
  const shift = moved.reduce((sum, [value]) => sum + value, 0)
  const found = await violations()
  if (shift > maxShift) found.push(`it shifted by ${shift.toFixed(3)}: ${JSON.stringify(moved)}`)
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth])
  if (content > window) found.push(`it is ${content} px wide in a window of ${window} px`)
  return { shift, found: found.map((problem) => `${name}: ${problem}`) }
}

/** The direction in which an element's text runs. @param {import('playwright-core').Locator} element */
export const direction = (element) => element.evaluate((node) => getComputedStyle(node).direction)

/** Presses Tab until an element has the focus, which must happen before the focus has been everywhere. @param {import('playwright-core').Locator} element */
export async function tabTo(element) {
  await element.first().waitFor()
  for (let presses = 0; presses < 120; presses++) {
    if (await element.first().evaluate((node) => node === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`Tab doesn't lead to ${element}`)
}
