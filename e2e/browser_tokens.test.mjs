// API tokens in the settings.
import assert from 'node:assert/strict'
import { button, complaints, context, openSettings, page, SERVER_URL, shot, signUp, test } from './browser.mjs'

test('a user creates, copies, uses and revokes a token', async () => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await signUp('tokens@example.com')
  await openSettings('API and assistants')
  await button('Create token').click()
  await page.getByLabel('Token name').fill('nightly copy')
  await page.getByLabel('Start and cancel copies and syncs').check()
  await shot('token-form')
  await button('Create').click()
  const field = page.getByLabel('Token “nightly copy”')
  await field.waitFor()
  const token = await field.inputValue()
  assert.match(token, /^f2l_pat_[0-9A-Za-z]{49}$/)
  await button('Copy token').click()
  await button('Copied').waitFor()
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), token)
  const row = page.getByRole('listitem').filter({ hasText: 'nightly copy' }).filter({ hasText: 'read, transfer' })
  await row.getByText('never used').waitFor()
  await shot('token-created')

  const status = async () => (await fetch(`${SERVER_URL}/api/queue`, { headers: { Authorization: token } })).status
  assert.equal(await status(), 200)
  await page.reload()
  await row.getByText('last used').waitFor()
  assert.equal(await page.getByText(token.slice(12)).count(), 0, 'the token is shown once')
  assert.equal(await field.count(), 0)

  await page.getByRole('button', { name: 'Revoke: nightly copy' }).click()
  await page.getByText('Whatever uses this token stops working at once.').waitFor()
  await button('Revoke').click()
  await row.waitFor({ state: 'hidden' })
  assert.equal(await status(), 401)
  await openSettings('Security')
  await page.getByText('API token “nightly copy” created').waitFor()
  assert.deepEqual(complaints, [])
})
