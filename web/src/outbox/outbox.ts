/**
 * The outbox: what a person said and the court has not yet acknowledged.
 *
 * A message is on disk before its first attempt, so a reload or a dead network loses nothing; every attempt carries
 * the same key, so it is recorded once; and each room has one sender at a time over all tabs, so order holds.
 */
import { pause, verdict, type Answer, type Body, type Entry, type FilePart } from './entry'
import { append, entriesOf, update, type OutboxDb } from './store'
import type { Receipt } from '../feed/types'

export interface OutboxDeps {
  db: OutboxDb
  /** Who is at the keyboard; messages of another owner are neither shown nor sent. */
  owner: string
  /** Posts the act. Throws when the network fails. */
  post(entry: Entry): Promise<Answer>
  /** Brings the file up and answers the act's body; see `uploads/`. Throws as `post` does. */
  upload?(entry: Entry, hold: Hold): Promise<UploadAnswer>
  /** `navigator.locks`, or something that grants one holder per name over all tabs. */
  locks: Pick<LockManager, 'request'>
  now(): number
  key(): string
  /** Tells this tab and the others that a room's outbox has changed. */
  changed(room: string): void
  /** A message has been recorded. */
  sent?(entry: Entry, receipt: Receipt): void
  /** The session is over. */
  loggedOut?(): void
}

/** An upload's hold on its entry. */
export interface Hold {
  /** Writes down how far it has come; false when the author has paused or removed it meanwhile, in any tab. */
  save(change: (file: FilePart) => void): Promise<boolean>
  /** Fires when it is paused or removed in this tab. */
  signal: AbortSignal
}

/** `lost`: the bytes are nowhere any more. `elsewhere`: another living tab has them. */
export type UploadAnswer =
  | { ok: true; blob: string }
  | { ok: false; status: number; code: string; detail: string }
  | 'paused'
  | 'lost'
  | 'elsewhere'

export interface Outbox {
  list(room: string): Promise<Entry[]>
  add(room: string, body: Body, head: number): Promise<Entry>
  addFile(room: string, body: Body, head: number, file: Omit<FilePart, 'uploadKey' | 'sent'>): Promise<Entry>
  /** Takes a refused message to the end of the queue. */
  resend(key: string): Promise<void>
  remove(key: string): Promise<void>
  pauseUpload(key: string): Promise<void>
  /** Goes on with an upload, with a file chosen anew if it had been lost. */
  resumeUpload(key: string, blob?: Blob): Promise<void>
  /** Sends what may be sent now. `impatient` does not wait for the back-off: the network has just returned. */
  flush(impatient?: 'impatient'): Promise<void>
  unsent(): Promise<number>
  clear(): Promise<void>
  stop(): void
}

export function createOutbox(deps: OutboxDeps): Outbox {
  const { db } = deps
  const wanted = new Set<string>()
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const uploads = new Map<string, AbortController>()
  let stopped = false

  async function mine(room?: string): Promise<Entry[]> {
    return (await entriesOf(db, room)).filter((entry) => entry.owner === deps.owner)
  }

  async function flush(impatient?: 'impatient'): Promise<void> {
    const rooms = new Set((await mine()).map((entry) => entry.room))
    await Promise.all([...rooms].map((room) => flushRoom(room, impatient)))
  }

  async function flushRoom(room: string, impatient?: 'impatient'): Promise<void> {
    await Promise.all([
      alone(`act:${room}`, () => sendAll(room, impatient)),
      deps.upload ? alone(`file:${room}`, () => uploadAll(room, impatient)) : undefined,
    ])
  }

  /** One worker per name over all tabs. A second call in this tab makes the first look once more when it is done. */
  async function alone(name: string, work: () => Promise<void>): Promise<void> {
    if (stopped) return
    if (wanted.has(name)) return void wanted.add(`${name}:again`)
    wanted.add(name)
    try {
      await deps.locks.request(`weiting-outbox:${name}`, async () => {
        do {
          wanted.delete(`${name}:again`)
          await work()
        } while (wanted.has(`${name}:again`) && !stopped)
      })
    } finally {
      wanted.delete(name)
    }
  }

  async function sendAll(room: string, impatient?: 'impatient'): Promise<void> {
    let hurry = impatient === 'impatient'
    while (!stopped) {
      const entry = (await mine(room)).find((one) => one.state === 'waiting' || one.state === 'sending')
      if (!entry) return
      if (!hurry && entry.nextAt > deps.now()) return wakeAt(room, entry.nextAt)
      hurry = false
      if ((await attempt(entry)) !== 'next') return
    }
  }

  async function attempt(entry: Entry): Promise<'next' | 'later'> {
    await change(entry, (one) => void (one.state = 'sending'))
    const answer = await deps.post(entry).catch(() => null)
    const result = answer ? verdict(answer) : 'again'
    if (answer?.ok) {
      await db.delete('outbox', entry.key)
      deps.sent?.(entry, answer.receipt)
      deps.changed(entry.room)
      return 'next'
    }
    if (result === 'failed' && answer && !answer.ok) {
      const { code, detail } = answer
      await change(entry, (one) => {
        one.state = 'failed'
        one.error = { code, detail }
      })
      return 'next'
    }
    await rest(entry, answer && !answer.ok ? answer.retryAfter : 0, 'waiting')
    if (result === 'stop') deps.loggedOut?.()
    return 'later'
  }

  async function uploadAll(room: string, impatient?: 'impatient'): Promise<void> {
    let hurry = impatient === 'impatient'
    const elsewhere = new Set<string>()
    while (!stopped) {
      const entry = (await mine(room)).find(
        (one) => one.state === 'uploading' && !one.file?.paused && !one.file?.lost && !elsewhere.has(one.key),
      )
      if (!entry) return
      if (!hurry && entry.nextAt > deps.now()) return wakeAt(room, entry.nextAt)
      hurry = false
      const next = await bring(entry)
      if (next === 'later') return
      if (next === 'elsewhere') elsewhere.add(entry.key)
    }
  }

  async function bring(entry: Entry): Promise<'next' | 'later' | 'elsewhere'> {
    const abort = new AbortController()
    uploads.set(entry.key, abort)
    const save = async (edit: (file: FilePart) => void): Promise<boolean> => {
      const after = await update(db, entry.key, (one) => void (one.file && edit(one.file)))
      return after?.file !== undefined && !after.file.paused
    }
    const answer = await deps.upload!(entry, { save, signal: abort.signal }).catch(() => null)
    uploads.delete(entry.key)
    if (abort.signal.aborted) return 'next'
    if (answer === 'elsewhere') return answer
    if (answer === null || (typeof answer === 'object' && !answer.ok && verdictOf(answer.status) === 'again')) {
      await rest(entry, 0, 'uploading')
      return 'later'
    }
    if (answer === 'paused') return 'next'
    if (answer === 'lost') {
      await change(entry, (one) => void (one.file && (one.file.lost = true)))
      return 'next'
    }
    if (answer.ok) {
      const { blob } = answer
      await change(entry, (one) => {
        one.body.blob = blob
        one.state = 'waiting'
        one.tries = 0
        one.nextAt = 0
      })
      void alone(`act:${entry.room}`, () => sendAll(entry.room))
      return 'next'
    }
    if (answer.status === 401) {
      await rest(entry, 0, 'uploading')
      deps.loggedOut?.()
      return 'later'
    }
    const { code, detail } = answer
    await change(entry, (one) => {
      one.state = 'failed'
      one.error = { code, detail }
    })
    return 'next'
  }

  async function rest(entry: Entry, retryAfter: number | undefined, state: 'waiting' | 'uploading'): Promise<void> {
    const after = await change(entry, (one) => {
      one.tries += 1
      one.nextAt = deps.now() + pause(one.tries, retryAfter)
      one.state = state
    })
    if (after) wakeAt(entry.room, after.nextAt)
  }

  function wakeAt(room: string, at: number): void {
    clearTimeout(timers.get(room))
    if (stopped) return
    timers.set(room, setTimeout(() => void flushRoom(room), Math.max(0, at - deps.now())))
  }

  async function change(entry: Entry, edit: (entry: Entry) => void): Promise<Entry | undefined> {
    const after = await update(db, entry.key, edit)
    deps.changed(entry.room)
    return after
  }

  async function put(room: string, body: Body, head: number, file?: FilePart): Promise<Entry> {
    const entry = await append(db, {
      key: deps.key(),
      owner: deps.owner,
      room,
      body,
      head,
      tries: 0,
      nextAt: 0,
      state: file ? 'uploading' : 'waiting',
      at: deps.now(),
      ...(file && { file }),
    })
    deps.changed(room)
    void flushRoom(room)
    return entry
  }

  return {
    list: mine,
    add: put,
    addFile: (room, body, head, file) => put(room, body, head, { ...file, uploadKey: deps.key(), sent: 0 }),
    async resend(key) {
      const old = await db.get('outbox', key)
      if (!old || old.owner !== deps.owner || old.state !== 'failed') return
      await db.delete('outbox', key)
      const { error: _refusal, n: _place, ...rest } = old
      const needsFile = old.file !== undefined && !old.body.blob
      const file = needsFile ? freshUpload(old.file!, deps.key()) : old.file
      await append(db, { ...rest, ...(file && { file }), tries: 0, nextAt: 0, state: needsFile ? 'uploading' : 'waiting' })
      deps.changed(old.room)
      await flushRoom(old.room)
    },
    async remove(key) {
      const old = await db.get('outbox', key)
      if (!old) return
      await db.delete('outbox', key)
      uploads.get(key)?.abort()
      deps.changed(old.room)
    },
    async pauseUpload(key) {
      const entry = await update(db, key, (one) => void (one.file && (one.file.paused = true)))
      uploads.get(key)?.abort()
      if (entry) deps.changed(entry.room)
    },
    async resumeUpload(key, blob) {
      const entry = await update(db, key, (one) => {
        if (!one.file) return
        delete one.file.paused
        delete one.file.lost
        if (blob) one.file.lastModified = (blob as File).lastModified ?? one.file.lastModified
        one.nextAt = 0
      })
      if (!entry) return
      deps.changed(entry.room)
      await flushRoom(entry.room)
    },
    flush,
    async unsent() {
      return (await mine()).length
    },
    async clear() {
      const rooms = new Set((await entriesOf(db)).map((entry) => entry.room))
      await db.clear('outbox')
      for (const upload of uploads.values()) upload.abort()
      for (const room of rooms) deps.changed(room)
    },
    stop() {
      stopped = true
      for (const upload of uploads.values()) upload.abort()
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}

function verdictOf(status: number): string {
  return verdict({ ok: false, status, code: '', detail: '' })
}

/** A refused file starts anew: the server has thrown its bytes away. */
function freshUpload(file: FilePart, uploadKey: string): FilePart {
  const { url: _gone, ...rest } = file
  return { ...rest, uploadKey, sent: 0 }
}
