// What a user chooses in the settings: whose meetings are synced, rules, and the webhook at Fathom, which
// can reach the server; and what a sync could not read.
import assert from 'node:assert/strict'
import {
  button, complaints, connected, context, meetingLink, openBrowser, openPage, openSettings, page, preference, shot, signUpAndSync, SIM_URL, simulate, takeComplaints, test,
} from './browser.mjs'

/** Runs an action and waits until the server has answered its change of the preferences. */
const change = (action, status = 200) => Promise.all([
  page.waitForResponse((response) => response.url().includes('/collections/preferences/records') && response.request().method() !== 'GET' && response.status() === status),
  action(),
])

test('meetings of others, the addresses of the user and the webhook at Fathom', async () => {
  await signUpAndSync('ada@example.com')
  await openSettings('Fathom')
  const others = page.getByLabel('Include meetings recorded by others')
  await change(() => others.check())
  assert.deepEqual(await preference('sync_others'), { enabled: true })
  await page.getByLabel('Teams').fill('Sales, Support')
  await change(() => page.getByLabel('People').fill('bo@example.com')) // leaves the other field
  await change(() => page.getByLabel('People').press('Enter'))
  assert.deepEqual(await preference('sync_others'), { enabled: true, people: ['bo@example.com'], teams: ['Sales', 'Support'] })

  await openSettings('Automation')
  await page.getByText('The webhook is ready. No message has arrived yet.').waitFor()
  const mine = page.getByLabel('My e-mail addresses at Fathom')
  assert.equal(await mine.inputValue(), 'ada@example.com')
  await mine.fill('nobody')
  await change(() => mine.press('Enter'), 400)
  await page.getByText('This must be a list of up to 20 e-mail addresses.').waitFor()
  assert.equal(await mine.inputValue(), 'nobody', 'what was entered can be corrected')
  assert.equal(takeComplaints('400'), 1)
  await mine.fill('ada@example.com, Ada.Lovelace@example.com')
  await change(() => mine.press('Enter'))
  assert.deepEqual(await preference('my_emails'), ['ada@example.com', 'Ada.Lovelace@example.com'])
  await page.getByText('This must be a list').waitFor({ state: 'detached' })

  const webhooks = page.getByLabel('Let Fathom report new meetings')
  await page.route('**/collections/preferences/records', (route) => route.fulfill({ status: 503, json: { status: 503, message: 'The disk is full.', data: {} } }))
  await webhooks.click()
  await page.getByRole('alert').filter({ hasText: 'The disk is full.' }).waitFor()
  assert.ok(await webhooks.isChecked(), 'the box shows what is saved')
  assert.equal(takeComplaints('503'), 1)
  await page.unroute('**/collections/preferences/records')
  await shot('settings-automation')

  const [hook] = (await (await fetch(`${SIM_URL}/_simulator/webhooks`)).json()).webhooks
  await simulate('POST', `webhooks/${hook.id}/deliver`, { recording_id: 1001 })
  await page.getByText(/^Works\. The last message arrived/).waitFor()
  await change(() => webhooks.uncheck())
  await page.getByText(/^New meetings are found by the automatic sync/).waitFor()

  await page.reload()
  await webhooks.and(page.locator(':enabled:not(:checked)')).waitFor()
  assert.equal(await mine.inputValue(), 'ada@example.com, Ada.Lovelace@example.com')
  await change(() => webhooks.check(), 204)
  await openSettings('Fathom')
  await connected().first().waitFor()
  await others.waitFor()
  assert.equal(await page.getByLabel('Teams').inputValue(), 'Sales, Support')
  assert.deepEqual(complaints, [])
})

test('a rule is tried, saved, applied to new meetings and turned off', async () => {
  await signUpAndSync('rules@example.com')
  await openSettings('Automation')
  await button('Add rule').click()
  await page.getByLabel('Name').fill('Budgets')
  await button('Show matching meetings').click()
  await page.getByRole('alert').filter({ hasText: 'at least one condition' }).waitFor()
  assert.equal(takeComplaints('400'), 1)
  await page.getByLabel('Title contains').fill('weekly product sync, budget')
  await button('Show matching meetings').click()
  await page.getByText(/^\d meeting(s match|\smatches)\. The rule applies to meetings that are added from now on\.$/).waitFor()
  await page.getByRole('status').getByRole('link', { name: 'Weekly product sync', exact: true }).waitFor()
  await page.getByLabel('What to do').selectOption('Only keep a copy here')
  await shot('rule')
  await button('Save rule').click()
  await page.getByText('Title contains: weekly product sync or budget → only keep a copy here').waitFor()

  await simulate('POST', 'meetings', { title: 'Budget of the spring' })
  await openPage('Meetings')
  await button('Sync meetings').click()
  const added = page.locator('.row').filter({ hasText: 'Budget of the spring' })
  await added.getByText('Kept here').waitFor()
  await openSettings('Automation')
  await page.getByText('1 meeting copied.').waitFor()
  await button('Turn off: Budgets').click()
  await page.getByText('(off)').waitFor()
  await simulate('POST', 'meetings', { title: 'Budget of the summer' })
  await openPage('Meetings')
  await button('Sync meetings').click()
  await button('Copy: Budget of the summer').waitFor()

  await openSettings('Automation')
  await button('Delete rule: Budgets').click()
  await page.getByRole('group', { name: 'Delete rule: Budgets' }).getByRole('button', { name: 'Delete rule' }).click()
  await button('Delete rule: Budgets').waitFor({ state: 'detached' })
  assert.deepEqual(complaints, [])
})

test('the page says what could not be read, and reads all meetings again', async () => {
  await simulate('PATCH', 'meetings/1003', { fields: { calendar_invitees: 'none' } })
  await context.close()
  await openBrowser({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
  await signUpAndSync('unreadable@example.com')
  const unreadable = page.getByText('1 meeting at Fathom could not be read')
  await unreadable.click()
  await page.getByText('Recording 1003').waitFor()
  await page.getByText(/a later version of this server tries them again/).waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'the page scrolls sideways')
  await shot('unreadable-phone-dark')

  await simulate('PATCH', 'meetings/1003', { fields: { calendar_invitees: [] } })
  const renamed = 'A meeting with a new name'
  await simulate('PATCH', 'meetings/1020', { title: renamed }) // an old one, which a usual sync doesn't read
  await button('Check all meetings').click()
  await page.getByRole('link', { name: renamed }).waitFor()
  await unreadable.waitFor({ state: 'detached' })
  await meetingLink().waitFor()
  await openSettings('Fathom')
  await connected().waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'the page scrolls sideways')
  await shot('settings-fathom-phone-dark')
  await openSettings('Storage')
  await page.getByRole('heading', { name: 'Largest meetings' }).waitFor()
  assert.equal(await page.locator('.videos li').count(), 10)
  await button('Show more').click()
  await page.getByText(/^\d+ of \d+ meetings$/).waitFor({ state: 'detached' })
  assert.ok(await page.locator('.videos li').count() > 20)
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'the page scrolls sideways')
  await shot('settings-storage-phone-dark')
  assert.deepEqual(complaints, [])
})

test('the time for which videos are kept is saved', async () => {
  await signUpAndSync('retention@example.com')
  await openSettings('Storage')
  const kept = page.getByLabel('Keep videos that are on Loom')
  await change(() => kept.selectOption('30 days'))
  assert.equal(await preference('keep_recordings'), 30)
  await page.route('**/collections/preferences/records/*', (route) => route.fulfill({ status: 503, json: { status: 503, message: 'The disk is full.', data: {} } }))
  await change(() => kept.selectOption('1 day'), 503)
  await page.getByRole('alert').filter({ hasText: 'The disk is full.' }).waitFor()
  assert.equal(await kept.inputValue(), '30', 'the list shows what is saved')
  assert.equal(takeComplaints('503'), 1)
  await page.unroute('**/collections/preferences/records/*')
  await change(() => kept.selectOption('For ever'), 204)
  await page.getByRole('alert').waitFor({ state: 'detached' })
  assert.equal(await preference('keep_recordings'), undefined)
  await shot('settings-retention')
  assert.deepEqual(complaints, [])
})
