// Subscribes to a user database with the PocketBase JS SDK and prints each event.
import { EventSource } from 'eventsource'
import PocketBase from 'pocketbase'

globalThis.EventSource = EventSource // Node.js has no EventSource

const db = new PocketBase(process.env.DB_URL)
db.authStore.save(process.env.DB_TOKEN, null)
await db.collection('preferences').subscribe('*', (e) => console.log(`event ${e.record.key}`))
console.log('connected')
