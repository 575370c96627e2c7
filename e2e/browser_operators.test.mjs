// The pages for operators in the admin UI, and what a user's database looks like to them.
import assert from 'node:assert/strict'
import {
  ADMIN_EMAIL, SERVER_URL, artifacts, button, clients, complaints, context, openBrowser, page, shot, signInAsAdmin, signUpAndSync, test,
} from './browser.mjs'

/** Leaves the web app and signs in to the admin UI. */
async function openAdminUI(options) {
  await context.close()
  await openBrowser(options)
  await page.goto(`${SERVER_URL}/_/`)
  await signInAsAdmin()
  await page.getByRole('link', { name: 'Users', exact: true }).waitFor()
}

const openPage = (name) => page.getByRole('link', { name, exact: true }).click()
const rowOf = (text) => page.locator('tbody tr').filter({ hasText: text }).first()
const dialog = () => page.getByRole('dialog')
const gone = (locator) => locator.waitFor({ state: 'detached' })
const headerColor = (of) => of.evaluate(() => getComputedStyle(document.querySelector('.app')).backgroundColor)

test('an operator finds an account, archives and restores its database, and opens it', async () => {
  await signUpAndSync('ada@example.com')
  await openAdminUI()
  await openPage('Users')
  const row = rowOf('ada@example.com')
  await row.getByText('Active', { exact: true }).waitFor()
  await row.getByText(/just now|minutes? ago/).first().waitFor()
  await shot('operators-users')
  await page.getByRole('button', { name: /^All accounts/ }).waitFor()

  await page.getByLabel('Search', { exact: true }).fill('nobody-has-this')
  await button('Search').click()
  await page.getByText('No such accounts.').waitFor()
  await page.getByLabel('Search', { exact: true }).fill('ADA@')
  await page.keyboard.press('Enter')
  await row.waitFor()
  assert.match(page.url(), /search=ADA/)
  await page.reload()
  await row.waitFor()
  assert.equal(await page.getByLabel('Search', { exact: true }).inputValue(), 'ADA@')

  await button('Details of ada@example.com').click()
  await dialog().getByText('Stored recordings').waitFor()
  assert.match(await dialog().innerText(), /Meetings\s+\d+/)
  await shot('operators-user-details')
  await page.keyboard.press('Escape')
  await gone(dialog())
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Details of ada@example.com')

  await button('Archive the database of ada@example.com').click()
  await dialog().getByText(/until its owner signs in again/).waitFor()
  await shot('operators-archive')
  await page.keyboard.press('Escape')
  await gone(dialog())
  await button('Archive the database of ada@example.com').click()
  await dialog().getByRole('button', { name: 'Archive', exact: true }).click()
  await row.getByText('Archived', { exact: true }).waitFor()
  await page.waitForFunction(() => document.activeElement?.id.startsWith('account_'), null, { timeout: 5_000 })
  assert.equal(await row.getByRole('link', { name: /^Open the database/ }).count(), 0, 'an archived database can’t be opened')
  await button('Restore the database of ada@example.com').click()
  await dialog().getByRole('button', { name: 'Restore', exact: true }).click()
  await row.getByText('Active', { exact: true }).waitFor()

  const serversColor = await headerColor(page)
  const [opened] = await Promise.all([context.waitForEvent('page'), row.getByRole('link', { name: /^Open the database/ }).click()])
  await opened.getByText('Database of ada@example.com').waitFor()
  await opened.getByText('transcripts').first().waitFor()
  assert.notEqual(await headerColor(opened), serversColor)
  await opened.waitForFunction(() => document.title.startsWith('Database of ada@example.com'))
  await opened.screenshot({ path: `${artifacts}operators-database.png` })
  await opened.getByRole('link', { name: 'To the server’s admin UI' }).click()
  await opened.getByText('user_databases').first().waitFor()
  assert.equal(await opened.getByText('Database of ada@example.com').count(), 0)
  assert.equal(await headerColor(opened), serversColor)
  assert.deepEqual(complaints, [])
})

test('an operator sees what jobs are about, and their attempts', async () => {
  await signUpAndSync('grace@example.com')
  const { pb } = await clients()
  await pb.collection('global_queue').create({ kind: 'recording.transfer', payload: { recording_id: 424242 } }) // fails
  await pb.collection('global_queue').create({ kind: 'recording.transfer', payload: { recording_id: 1001 }, run_at: '2999-01-01 00:00:00.000Z' })
  await openAdminUI()
  await openPage('Queue')
  await rowOf('Recording 424242').waitFor()
  await page.getByRole('button', { name: /^Pending/ }).click()
  const pending = rowOf('grace@example.com')
  await pending.getByText(/^0 \/ \d+$/).waitFor()
  await pending.locator('[data-name=Meeting]').filter({ hasNotText: 'Recording' }).filter({ hasText: /\w/ }).waitFor()
  await shot('operators-queue')
  const unlabelled = await page.evaluate(() => [...document.querySelectorAll('input')].filter((input) => !input.ariaLabel && ![...input.labels].some((label) => label.innerText.trim())).length)
  assert.equal(unlabelled, 0, 'an input has no label')

  await page.getByRole('button', { name: /^Dead/ }).click()
  await rowOf('Recording 424242').getByRole('button', { name: /details of recording.transfer/ }).press('Enter')
  await dialog().getByText('Failed for good').waitFor()
  assert.match(await dialog().innerText(), /Sync your meetings/)
  await shot('operators-job')
  await dialog().getByRole('link', { name: 'grace@example.com' }).click()
  await gone(dialog())
  await rowOf('grace@example.com').getByText('Active', { exact: true }).waitFor()

  await openPage('Queue')
  await button('Pause all kinds').click()
  await page.getByLabel('Reason').fill('By mistake')
  await page.keyboard.press('Escape')
  await gone(dialog())
  await button('Pause all kinds').waitFor()
  assert.equal(await page.getByText('By mistake').count(), 0)

  for (const collection of ['user_databases', 'global_queue']) { // a relation shows an address
    await page.goto(`${SERVER_URL}/_/#/collections?collection=${collection}`)
    const label = page.locator('tbody .record-summary').filter({ hasText: 'grace@example.com' }).first()
    await label.waitFor()
    assert.doesNotMatch(await label.innerText(), /N\/A/)
  }
  assert.deepEqual(complaints, [])
})

test('the pages fit a phone and a dark color scheme', async () => {
  await signUpAndSync('phone@example.com')
  for (const [name, options] of Object.entries({
    phone: { viewport: { width: 390, height: 844 } }, 'phone-dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }, dark: { colorScheme: 'dark' },
  })) {
    await openAdminUI(options)
    for (const [path, text] of [['users', 'phone@example.com'], ['queue?status=completed', 'phone@example.com']]) {
      await page.goto(`${SERVER_URL}/_/#/${path}`)
      await rowOf(text).waitFor()
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} scrolls sideways on ${name}`)
      await shot(`operators-${path.split('?')[0]}-${name}`)
    }
    const account = await page.evaluate(async (email) => {
      const { app } = /** @type {any} */ (window)
      return (await app.pb.collection('user_databases').getFirstListItem(`user.email = "${email}"`)).name
    }, 'phone@example.com')
    await page.goto(`${SERVER_URL}/db/${account}/_/`)
    await page.getByText('Database of phone@example.com').waitFor()
    await page.getByText(ADMIN_EMAIL).first().waitFor({ state: 'attached' })
    await shot(`operators-database-${name}`)
  }
  assert.deepEqual(complaints, [])
})
