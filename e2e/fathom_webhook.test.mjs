// Sends messages that the official library of Standard Webhooks has signed, as Fathom does, to a webhook of the server,
// which must be running:
//
//	HOOK_URL=http://127.0.0.1:PORT/api/fathom/... HOOK_SECRET=whsec_... node --test fathom_webhook.test.mjs
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'

const { HOOK_URL, HOOK_SECRET } = process.env
assert.ok(HOOK_URL && HOOK_SECRET, 'set HOOK_URL and HOOK_SECRET')

const body = JSON.stringify({ title: 'Über „Müsli“ 🥣', recording_id: 1001 })

/** Signs a message and sends it, with other headers and another body if they are given. */
async function send(id, { at = new Date(), secret = HOOK_SECRET, sent = body, headers = {} } = {}) {
  const signature = new Webhook(secret).sign(id, at, body)
  const seconds = String(Math.floor(at.getTime() / 1000))
  const response = await fetch(HOOK_URL, {
    method: 'POST', body: sent,
    headers: { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signature, ...headers },
  })
  return response.status
}

test('messages signed by the library are accepted', async () => {
  assert.equal(await send('msg_first'), 200)
  assert.equal(await send('msg_first'), 200, 'Fathom may send a message again')
  assert.equal(await send('msg_earlier', { at: new Date(Date.now() - 60_000) }), 200)
})

test('everything else is refused', async () => {
  assert.equal(await send('msg_changed', { sent: body.replace('1001', '1002') }), 401)
  assert.equal(await send('msg_id', { headers: { 'webhook-id': 'msg_other' } }), 401)
  assert.equal(await send('msg_secret', { secret: 'whsec_' + Buffer.from('a secret of somebody else').toString('base64') }), 401)
  assert.equal(await send('msg_old', { at: new Date(Date.now() - 6 * 60_000) }), 401)
  assert.equal(await send('msg_unsigned', { headers: { 'webhook-signature': '' } }), 401)
})
