// The first steps of a new user, from the Fathom API key to the first copy, and how a key is replaced.
import assert from 'node:assert/strict'
import { button, complaints, connected, context, openBrowser, page, saveFirstKey, shot, signUp, SIM_KEY, simulate, takeComplaints, test } from './browser.mjs'

const keys = SIM_KEY.split(',')
const keyField = () => page.getByLabel('Fathom API key')
const copyButton = () => page.getByRole('region', { name: 'Three steps to your first copy' }).getByRole('button', { name: /^Copy: / })
const openLink = () => page.getByRole('link', { name: 'Open the meeting' })
const openFathom = () => page.getByRole('navigation').getByRole('link', { name: 'Settings' }).first().click()
const openMeetings = () => page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Meetings' }).click()
const focusIsIn = (text) => page.waitForFunction((wanted) => document.activeElement?.textContent?.includes(wanted), text)

/** Holds the downloads of videos after some bytes. */
const holdDownloads = () => simulate('POST', 'faults', { path: '/media/*', hold_after: 3_000_000 })

/** Counts the clicks of the page's user, and records what must never be seen and how far things move by themselves. */
async function watch() {
  await context.addInitScript(() => {
    const seen = { clicks: 0, texts: [], shift: 0, moved: [] }
    Object.assign(globalThis, { seen })
    addEventListener('click', (event) => { if (event.detail > 0) seen.clicks++ }, { capture: true })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.hadRecentInput) continue
        seen.shift += entry.value
        seen.moved.push(`${entry.value}: ${entry.sources.map(({ node }) => node?.className || node?.nodeName).join(', ')}`)
      }
    }).observe({ type: 'layout-shift', buffered: true })
    const look = () => {
      const found = document.body?.innerText.match(/no meetings[^.]*/i)?.[0]
      if (found && !seen.texts.includes(found)) seen.texts.push(found)
    }
    document.addEventListener('DOMContentLoaded', () => new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true }))
  })
}

for (const [device, options] of [
  ['desktop', { viewport: { width: 1280, height: 800 } }],
  ['phone', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
]) {
  test(`from sign-up to the first copied meeting in at most 8 clicks (${device})`, async () => {
    await context.close()
    await openBrowser(options)
    await watch()
    await signUp(`${device}@example.com`)
    const filled = 2 // fields of the sign-up, which people click
    await page.getByRole('heading', { name: 'Three steps to your first copy' }).waitFor()
    await page.evaluate(() => Object.assign(globalThis.seen, { shift: 0, moved: [] }))
    await shot(`first-run-1-${device}`)
    await holdDownloads()
    await keyField().click()
    await keyField().fill(keys.pop())
    await button('Save key').click()
    await copyButton().waitFor()
    await page.getByText('24 new meetings').waitFor()
    await shot(`first-run-2-${device}`)
    await copyButton().click()
    await page.getByText(/[1-9]\S*.MB of 8\.\d.MB/).first().waitFor()
    await shot(`first-run-3-${device}`)
    await simulate('POST', 'release')
    await page.getByText('Copied. Your turn: upload it to Loom.').waitFor()
    await shot(`first-run-4-${device}`)
    const { clicks, texts, shift, moved } = await page.evaluate(() => globalThis.seen)
    assert.ok(clicks + filled <= 8, `${clicks} clicks and ${filled} fields`)
    assert.deepEqual(texts, [], 'never "No meetings"')
    assert.ok(shift <= 0.02, `layout shift of ${shift}: ${moved.join('\n')}`)
    await openLink().click()
    await page.getByRole('heading', { name: 'Weekly product sync' }).waitFor()
    await openMeetings()
    await page.getByRole('link', { name: 'Weekly product sync', exact: true }).waitFor()
    assert.equal(await page.getByText('Three steps to your first copy').count(), 0, 'the steps are done')
    assert.deepEqual(complaints, [])
  })
}

test('the first steps by keyboard alone', async () => {
  await signUp('keyboard@example.com')
  await focusIsIn('Meetings')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'fathom-key')
  await page.keyboard.type('ada@example.com')
  await page.keyboard.press('Enter')
  await page.getByText('This is an e-mail address.').waitFor()
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'fathom-key')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(keys.pop())
  await page.keyboard.press('Enter')
  await focusIsIn('meeting')
  await copyButton().waitFor()
  await page.keyboard.press('Tab')
  await focusIsIn('Copy')
  await page.keyboard.press('Enter')
  await focusIsIn('Copy a meeting')
  await openLink().waitFor()
  await page.keyboard.press('Tab')
  await focusIsIn('Open the meeting')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Weekly product sync' }).waitFor()
})

test('a key is shown, hidden, pasted without what is around it, and explained if it is none', async () => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await signUp('paste@example.com')
  const link = page.getByRole('link', { name: 'Create a key at Fathom' })
  assert.deepEqual(await Promise.all(['href', 'target', 'rel'].map((name) => link.getAttribute(name))),
    ['https://fathom.video/customize#api-access-header', '_blank', 'noopener noreferrer'])
  await keyField().fill('https://fathom.video/customize')
  await button('Save key').click()
  await page.getByText('This is the address of a page.').waitFor()
  await keyField().fill('a-wrong-fathom-api-key')
  await button('Save key').click()
  await page.getByText('Fathom refused this API key.').waitFor()
  assert.equal(await page.getByRole('alert').count(), 1, 'one message for one cause')
  assert.ok(takeComplaints('status of 400'))
  await shot('first-run-refused')

  await keyField().fill('')
  const key = keys.pop()
  await page.evaluate((text) => navigator.clipboard.writeText(text), `\n  ${key} \n`)
  await keyField().focus()
  await page.keyboard.press('ControlOrMeta+v')
  assert.equal(await keyField().inputValue(), key)
  assert.equal(await keyField().getAttribute('type'), 'password')
  await button('Show key').click()
  assert.equal(await keyField().getAttribute('type'), 'text')
  await button('Hide key').click()
  assert.equal(await keyField().getAttribute('type'), 'password')
  await button('Save key').click()
  await copyButton().waitFor()
  assert.deepEqual(complaints, [])
})

test('a working key is kept until the new one passes', async () => {
  await signUp('replace@example.com')
  const key = keys.pop()
  await saveFirstKey(key)
  await copyButton().waitFor()
  await openFathom()
  await connected().waitFor()
  await button('Replace key').click()
  await page.getByLabel('New Fathom API key').fill('a-wrong-fathom-api-key')
  await button('Save key').click()
  await page.getByText('Fathom refused this API key. The earlier one stays in use.').waitFor()
  assert.ok(takeComplaints('status of 400'))
  await shot('key-replacement-refused')
  await connected().waitFor()
  await page.getByText(`•••• ${key.slice(-4)}`).waitFor()
  await page.getByLabel('New Fathom API key').fill(keys.pop())
  await button('Save key').click()
  await page.getByLabel('New Fathom API key').waitFor({ state: 'detached' })
  await focusIsIn('Fathom')
  await connected().waitFor()

  await button('Remove key').click()
  await page.getByRole('button', { name: 'Remove key' }).last().click()
  await keyField().waitFor()
  await openMeetings()
  await page.getByText('No Fathom API key is saved, so new meetings are not synced.').waitFor()
  await page.getByRole('link', { name: 'Weekly product sync', exact: true }).waitFor()
  assert.equal(await page.getByText('Three steps to your first copy').count(), 0)
  assert.deepEqual(complaints, [])
})

test('a key that can’t be tested is saved if the user wants that', async () => {
  await signUp('down@example.com')
  await simulate('POST', 'faults', { path: '/external/v1/*', status: 503, times: -1 })
  await keyField().fill(keys.pop())
  await button('Save key').click()
  await page.getByText("Fathom couldn't be reached to check this key. Try again in a moment").waitFor()
  await shot('first-run-untested')
  assert.ok(takeComplaints('status of 503'))
  await button('Save anyway').click()
  await page.getByText('The key will be checked when it is used.').waitFor()
  await page.getByText("Fathom can't be reached.").waitFor()
  await shot('first-run-waiting')
  await simulate('DELETE', 'faults')
  await copyButton().waitFor()
  assert.deepEqual(complaints, [])
})
