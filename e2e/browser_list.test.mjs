// The list of many meetings.
import assert from 'node:assert/strict'
import { button, complaints, page, signUpAndSync, takeComplaints, test } from './browser.mjs'

/** The titles on the list. */
const rows = () => page.locator('.row-title')

test('each press of “Show more” shows new meetings, to the oldest', async () => {
  await signUpAndSync('library@example.com')
  const more = button('Show more')
  await page.getByText(/^100 of 560 meetings$/).waitFor()
  for (const shown of [200, 300, 400, 500]) {
    await more.click()
    await page.getByText(new RegExp(`^${shown} of 560 meetings$`)).waitFor()
    assert.equal(await rows().count(), shown)
  }
  await more.click()
  await page.getByText(/^560 meetings$/).waitFor()
  assert.equal(await more.count(), 0)
  const links = await rows().evaluateAll((titles) => titles.map((title) => title.href))
  assert.equal(new Set(links).size, 560, 'a meeting is listed twice')

  await page.reload()
  await page.getByText(/^560 meetings$/).waitFor()
  assert.deepEqual(await rows().evaluateAll((titles) => titles.map((title) => title.href)), links)
  const requests = []
  page.on('request', (request) => requests.push(new URL(request.url())))
  await page.getByLabel('Filter meetings by title').fill('Weekly product sync')
  await page.getByText(/^\d\d meetings$/).waitFor()
  await page.getByLabel('Filter meetings by title').fill('')
  await page.getByText(/^100 of 560 meetings$/).waitFor()
  for (const { pathname, searchParams } of requests.filter(({ pathname }) => pathname.endsWith('/meetings/records'))) {
    assert.ok(Number(searchParams.get('perPage')) <= 100, pathname)
  }

  // A server that is busy is asked again.
  const refused = []
  await page.route('**/collections/meetings/records?*', (route) => {
    if (refused.length === 3) return route.continue()
    refused.push(route.request().url())
    return route.fulfill({ status: 429, json: { status: 429, message: 'Too many requests.', data: {} } })
  })
  await page.reload()
  await page.getByText(/^100 of 560 meetings$/).waitFor()
  assert.equal(await page.getByRole('alert').count(), 0)
  assert.equal(takeComplaints('429'), 3)
  assert.deepEqual(complaints, [])
})
