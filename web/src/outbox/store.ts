/** The outbox on disk: IndexedDB, one row to a message, readable in the order of its room. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Entry } from './entry'

interface Schema extends DBSchema {
  outbox: { key: string; value: Entry; indexes: { order: [string, number] } }
}

export type OutboxDb = IDBPDatabase<Schema>

export function openOutboxDb(name = 'weiting-outbox'): Promise<OutboxDb> {
  return openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('outbox', { keyPath: 'key' }).createIndex('order', ['room', 'n'])
    },
    // Another tab wants a newer schema: let go at once, or it waits for ever.
    blocking(_now, _next, event) {
      ;(event.target as IDBDatabase).close()
    },
  })
}

/** The messages of one room in the order they were written; of all rooms, when none is named. */
export function entriesOf(db: OutboxDb, room?: string): Promise<Entry[]> {
  const range = room === undefined ? undefined : IDBKeyRange.bound([room, 0], [room, Infinity])
  return db.getAllFromIndex('outbox', 'order', range)
}

/** Puts a message at the end of its room; its number is given here, in one transaction, so that two tabs agree. */
export async function append(db: OutboxDb, entry: Omit<Entry, 'n'>): Promise<Entry> {
  const tx = db.transaction('outbox', 'readwrite')
  const last = await tx.store
    .index('order')
    .openKeyCursor(IDBKeyRange.bound([entry.room, 0], [entry.room, Infinity]), 'prev')
  const n = last ? (last.key as unknown as [string, number])[1] + 1 : 1
  const full = { ...entry, n }
  await tx.store.put(full)
  await tx.done
  return full
}

/** Changes a message if it is still there; undefined when it has gone. */
export async function update(db: OutboxDb, key: string, change: (entry: Entry) => void): Promise<Entry | undefined> {
  const tx = db.transaction('outbox', 'readwrite')
  const entry = await tx.store.get(key)
  if (entry) {
    change(entry)
    await tx.store.put(entry)
  }
  await tx.done
  return entry
}
