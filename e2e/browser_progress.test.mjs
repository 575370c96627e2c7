// What people see of work in progress: the same state everywhere, bytes that move, the reason of every wait, positions in
// the queue, and a server that is gone. The Go test that runs this file kills and starts the server at CONTROL_URL.
import assert from 'node:assert/strict'
import { button, complaints, context, meetingLink, page, shot, signUpAndSync, simulate, takeComplaints, test } from './browser.mjs'

const { CONTROL_URL } = process.env
const title = 'Weekly product sync'

const openPage = (name) => page.getByRole('navigation').getByRole('link', { name }).click()
const rowOn = (tab) => tab.locator('.row').filter({ has: tab.getByRole('link', { name: title, exact: true }) })
const panel = () => page.locator('.transfer')

async function control(command) {
  assert.ok((await fetch(`${CONTROL_URL}/${command}`, { method: 'POST' })).ok)
}

/** Opens the list of meetings and the activity in tabs of their own, while the first tab shows the meeting. */
async function openTabs() {
  await meetingLink().click()
  await page.getByRole('heading', { name: title, level: 1 }).waitFor()
  const [list, activity] = [await context.newPage(), await context.newPage()]
  await list.goto(new URL('.', page.url().replace(/meetings\/.*/, '')).href)
  await rowOn(list).waitFor()
  await activity.goto(list.url())
  await activity.getByRole('navigation').getByRole('link', { name: 'Activity' }).click()
  await activity.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()
  return { list, activity }
}

test('one state and one number on the list, the page and in the activity', async () => {
  await signUpAndSync('one-state@example.com')
  const { list, activity } = await openTabs()
  assert.equal(await rowOn(list).locator('.badge').textContent(), 'At Fathom')
  await panel().getByRole('heading', { name: 'At Fathom' }).waitFor()

  await simulate('POST', 'faults', { path: '/media/*', bytes_per_second: 4e6, hold_after: 9e6 })
  await button('Copy').click()
  await panel().getByRole('heading', { name: 'Copying' }).waitFor()
  const progress = panel().locator('.transfer-progress p')
  await progress.getByText(/^\d+% · [\d.]+\sMB of 3\d\.\d\sMB · [\d.]+\s[kM]B\/s · \d+\s(s|min) left$/).waitFor()
  const seen = [await progress.textContent()]
  while (seen.length < 4) {
    const changed = await page.waitForFunction((last) => {
      const text = document.querySelector('.transfer-progress p').textContent
      return text !== last && text
    }, seen.at(-1))
    seen.push(await changed.jsonValue())
  }
  await rowOn(list).getByText(/B\/s · \d+\s(s|min) left/).waitFor()
  await rowOn(activity).getByText(/B\/s · \d+\s(s|min) left/).waitFor()

  // The simulator holds the file, a part of which has come.
  await progress.getByText(/^\d+% · 9\.0\sMB of 3\d\.\d\sMB$/).waitFor() // what has stopped has no rate
  const percent = (await progress.textContent()).match(/^\d+%/)[0]
  const places = [panel(), rowOn(list), rowOn(activity)]
  for (const place of places.slice(1)) assert.equal(await place.locator('.badge').textContent(), `Copying ${percent}`)
  assert.equal(await list.title(), `Copying ${percent} · Meetings · Fathom-to-Loom`)
  const icon = () => list.locator('link[rel=icon]').evaluate((link) => link.href.split('/').at(-1))
  assert.equal(await icon(), 'favicon-busy.svg')
  assert.ok((await list.request.get(`${new URL(list.url()).origin}/favicon-busy.svg`)).ok())
  const bars = await Promise.all(places.map((place) => place.locator('progress').evaluate((bar) => bar.value)))
  assert.deepEqual(bars, [bars[0], bars[0], bars[0]])
  const texts = await Promise.all(places.map((place) => place.locator('.transfer-progress p').textContent()))
  assert.deepEqual(texts.map((text) => text.replace(/^\d+% · /, '')), Array(3).fill(texts[1]))

  await simulate('POST', 'release')
  await panel().getByRole('heading', { name: 'Your turn' }).waitFor()
  for (const tab of [list, activity]) await rowOn(tab).getByText('Your turn', { exact: true }).waitFor()
  assert.deepEqual([await list.title(), await icon()], ['Meetings · Fathom-to-Loom', 'favicon.svg'])
  await list.close()
  await activity.close()
  assert.deepEqual(complaints, [])
})

test('the focus stays where a pressed button was, and success is announced', async () => {
  await signUpAndSync('focus@example.com')
  const focused = () => page.evaluate(() => document.activeElement.textContent)
  await rowOn(page).getByRole('button', { name: `Copy: ${title}` }).focus()
  await page.keyboard.press('Enter')
  await rowOn(page).getByText('Your turn', { exact: true }).waitFor()
  assert.equal(await focused(), title)
  await meetingLink().click()
  await page.getByRole('heading', { name: title, level: 1 }).waitFor()
  await button('Delete stored video').click()
  await page.getByRole('group').getByRole('button', { name: 'Delete stored video' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('status').getByText('The stored video is deleted.').waitFor()
  await page.waitForFunction(() => document.activeElement.tagName === 'H2')
  assert.equal(await focused(), 'Your turn')
  assert.deepEqual(complaints, [])
})

test('a cancelled copy is taken back', async () => {
  await signUpAndSync('undo@example.com')
  const second = 'Sales pipeline review'
  const secondRow = page.locator('.row', { hasText: second })
  await simulate('POST', 'faults', { path: '/media/*', hold: true })
  await rowOn(page).getByRole('button', { name: `Copy: ${title}` }).click()
  await rowOn(page).locator('.badge', { hasText: 'Copying' }).waitFor()
  await page.getByRole('button', { name: `Copy: ${second}` }).click()
  await secondRow.locator('.badge', { hasText: 'Waiting' }).waitFor()
  await page.waitForFunction(() => document.title.startsWith('2 copies · '))
  await button('Undo').click()
  await secondRow.locator('.badge', { hasText: 'At Fathom' }).waitFor()
  await openPage('Activity')
  await page.getByRole('button', { name: `Retry: ${second}` }).click()
  await secondRow.locator('.badge', { hasText: 'Waiting' }).waitFor()
  await page.getByRole('button', { name: `Cancel: ${second}` }).click()
  await secondRow.locator('.badge', { hasText: 'Cancelled' }).waitFor()
  await page.getByRole('status').getByText('Cancelled.').waitFor()
  await button('Undo').click()
  await secondRow.locator('.badge', { hasText: 'Waiting' }).waitFor()
  await simulate('POST', 'release')
  await simulate('DELETE', 'faults')
  await secondRow.locator('.badge', { hasText: 'Your turn' }).waitFor()
  assert.deepEqual(complaints, [])
})

test('a server that is gone is noticed, and so is its return', async () => {
  await signUpAndSync('gone@example.com')
  const bar = page.getByText(/^Can’t reach the server\. Reconnecting…/)
  const heading = page.getByRole('heading', { name: 'Meetings', level: 1 })
  const place = async () => {
    const { x, y } = await heading.boundingBox()
    return { x, y }
  }
  const before = await place()
  for (const again of [1, 2]) {
    await control('kill')
    const killed = Date.now()
    await bar.waitFor({ timeout: 5_000 })
    assert.match(await bar.textContent(), /What you see is from \d+:\d+/)
    assert.ok(await page.locator('main.stale').isVisible())
    assert.deepEqual(await place(), before, 'the page must not move')
    console.log(`noticed after ${Date.now() - killed} ms (${again})`)
    if (again === 1) {
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme })
        await shot(`server-lost-${colorScheme}`)
      }
      await page.emulateMedia({ colorScheme: 'light' })
    }
    await control('start')
    const started = Date.now()
    await bar.waitFor({ state: 'detached', timeout: 5_000 })
    console.log(`gone after ${Date.now() - started} ms (${again})`)
  }
  await rowOn(page).getByRole('button', { name: `Copy: ${title}` }).click()
  await rowOn(page).getByText('Your turn', { exact: true }).waitFor()
  takeComplaints('')
})

test('many jobs have their places in the queue', async () => {
  await signUpAndSync('places@example.com')
  await simulate('POST', 'faults', { path: '/media/*', hold: true })
  await rowOn(page).getByRole('button', { name: `Copy: ${title}` }).click()
  await rowOn(page).locator('.badge', { hasText: 'Copying' }).waitFor()
  await openPage('Activity')
  await page.getByRole('heading', { name: '1 active job' }).waitFor()
  await page.evaluate(async () => { // at once, while the page shows the jobs: the most that one person may have
    const { token } = JSON.parse(localStorage.getItem('fathom-to-loom'))
    const url = '/api/collections/global_queue/records'
    await Promise.all([0, 500, 1000, 1500].map(async (first) => {
      const requests = [...Array(Math.min(500, 1999 - first)).keys()].map((n) => ({ method: 'POST', url, body: { kind: 'recording.transfer', payload: { recording_id: 500_000 + first + n } } }))
      const response = await fetch(new URL('api/batch', document.baseURI), {
        method: 'POST', headers: { Authorization: token, 'Content-Type': 'application/json' }, body: JSON.stringify({ requests }),
      })
      if (!response.ok) throw new Error(await response.text())
    }))
  })
  await page.getByRole('heading', { name: '2,000 active jobs' }).waitFor()
  for (let press = 0; press < 5; press++) await button('Show more').first().click()
  const jobs = page.locator('section.jobs').first().locator('.job')
  const wait = (index) => jobs.nth(index).locator('.muted').first()
  await wait(1).getByText('Waits for a free slot. It is next.').waitFor()
  await wait(2).getByText('Waits for a free slot: 1 of yours is ahead.').waitFor()
  const texts = await page.evaluate(() => [...document.querySelector('section.jobs').querySelectorAll('.job')].slice(3).map((row) => row.querySelector('.muted').textContent))
  assert.equal(texts.length, 297)
  for (const [index, text] of texts.entries()) assert.equal(text, `Waits for a free slot: ${index + 2} of yours are ahead.`)
  await shot('activity-many')
  await button('Cancel all').click()
  await page.getByRole('group', { name: 'Cancel all' }).getByRole('button', { name: 'Cancel all' }).click()
  await simulate('POST', 'release')
  await page.getByRole('heading', { name: 'No active jobs' }).waitFor()
  await simulate('DELETE', 'faults')
  assert.deepEqual(complaints, [])
})
