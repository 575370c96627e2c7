// Follows a user database with the PocketBase JS SDK and says what it sees.
import { EventSource } from 'eventsource'
import PocketBase from 'pocketbase'

globalThis.EventSource = EventSource // node has none of its own

const db = new PocketBase(process.env.DB_URL)
db.authStore.save(process.env.DB_TOKEN, null)
await db.collection('preferences').subscribe('*', (e) => console.log(`event ${e.record.key}`))
console.log('connected')
