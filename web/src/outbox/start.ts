/**
 * The app's outbox: made for the person who is logged in, flushed whenever there is hope, heard by all tabs.
 *
 * A session that merely expires leaves the messages where they are: only their author can send them, after logging in
 * again. Logging out clears them.
 */
import { reactive, shallowReactive } from 'vue'
import { getUpload } from '@/api/court'
import { newKey } from '@/api/client'
import { onFarewell, useSession } from '@/stores/session'
import { KEPT_WHOLE } from '@/uploads/kind'
import { sha256 } from '@/uploads/sha256'
import { createUploader } from './upload'
import type { Sent } from './optimism'
import type { Receipt } from '@/feed/types'
import type { Body, Entry, FilePart } from './entry'
import { createOutbox, type Outbox } from './outbox'
import { post } from './post'
import { openOutboxDb, type OutboxDb } from './store'

/** Bytes brought up so far, by entry. */
export const progress = reactive(new Map<string, number>())

/** What was acknowledged in this page's life; the feed knows most of it a moment later. */
export const sent = shallowReactive<Sent[]>([])

const tab = newKey()
const held = new Map<string, Blob>()
const hearers = new Set<(room: string) => void>()
const locks: Pick<LockManager, 'request'> = navigator.locks ?? oneTab()
const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel('weiting-outbox') : null

let db: Promise<OutboxDb> | null = null
let current: { owner: string; outbox: Promise<Outbox> } | null = null
let listening = false

/** The outbox of whoever is logged in; begins to send what was left from before. */
export function useOutbox(): Promise<Outbox> {
  const { me } = useSession()
  const owner = `${me?.person ?? ''}/${me?.role ?? ''}`
  if (current?.owner !== owner) {
    void current?.outbox.then((old) => old.stop())
    current = { owner, outbox: begin(owner) }
  }
  listen()
  return current.outbox
}

/** Hears which room's outbox has changed, in this tab or another; the answer ends it. */
export function onOutbox(hear: (room: string) => void): () => void {
  hearers.add(hear)
  return () => hearers.delete(hear)
}

/** Puts a file into the outbox: small ones whole, so that a reload goes on by itself. */
export async function addFile(room: string, body: Body, head: number, file: File | Blob, facts: Partial<FilePart> & { name: string }) {
  const outbox = await useOutbox()
  void navigator.storage?.persist?.().catch(() => undefined)
  const keep = file.size < KEPT_WHOLE
  const part = {
    size: file.size,
    type: file.type,
    lastModified: file instanceof File ? file.lastModified : Date.now(),
    ...(keep ? { blob: file } : { tab }),
    ...facts,
  }
  if (keep) return outbox.addFile(room, body, head, part)
  const entry = await outbox.addFile(room, body, head, { ...part, paused: true })
  held.set(entry.key, file)
  await outbox.resumeUpload(entry.key)
  return entry
}

/** Goes on with an upload whose bytes this page had lost; false when it is another file. */
export async function chooseAgain(entry: Entry, file: File): Promise<boolean> {
  if (file.name !== entry.file?.name || file.size !== entry.file.size) return false
  held.set(entry.key, file)
  await (await useOutbox()).resumeUpload(entry.key, file)
  return true
}

/** The bytes of an entry, for its preview. */
export function bytesOf(entry: Entry): Blob | undefined {
  return entry.file?.blob ?? held.get(entry.key)
}

/** How many messages have not been recorded yet: ask before logging out. */
export async function unsentCount(): Promise<number> {
  return useOutbox().then(
    (outbox) => outbox.unsent(),
    () => 0,
  )
}

/** Forgets every message that waits, of everybody: logout. */
export async function clearOutbox(): Promise<void> {
  const outbox = await (current?.outbox ?? begin(''))
  await outbox.clear()
  outbox.stop()
  current = null
  held.clear()
  sent.length = 0
}

onFarewell(async (why) => {
  if (why === 'logout') return clearOutbox()
  await current?.outbox.then((outbox) => outbox.stop())
  current = null
})

async function begin(owner: string): Promise<Outbox> {
  db ??= openOutboxDb()
  const outbox = createOutbox({
    db: await db,
    owner,
    post,
    upload: createUploader({
      bytes: bytesOf,
      tabLives,
      tus: () => import('tus-js-client'),
      sha256,
      view: getUpload,
      key: newKey,
      progress: (key, bytes) => progress.set(key, bytes),
      now: () => performance.now(),
    }),
    locks,
    now: Date.now,
    key: newKey,
    changed: tell,
    sent(entry: Entry, receipt: Receipt) {
      sent.push({ entry, receipt })
      progress.delete(entry.key)
      held.delete(entry.key)
    },
  })
  // Held for as long as this page lives, so that other tabs know who has the bytes of large files.
  void locks.request(`weiting-tab:${tab}`, () => new Promise(() => undefined)).catch(() => undefined)
  if (owner) void outbox.flush('impatient')
  return outbox
}

function tell(room: string): void {
  for (const hear of hearers) hear(room)
  channel?.postMessage(room)
}

function listen(): void {
  if (listening) return
  listening = true
  const flush = (): void => void current?.outbox.then((outbox) => outbox.flush('impatient'))
  window.addEventListener('online', flush)
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && flush())
  if (channel) channel.onmessage = (event: MessageEvent<string>) => hearers.forEach((hear) => hear(event.data))
}

/** Sends what waits: the socket has just opened. */
export function flushOutbox(): void {
  void current?.outbox.then((outbox) => outbox.flush('impatient'))
}

async function tabLives(other: string): Promise<boolean> {
  if (other === tab) return false
  return (await locks.request(`weiting-tab:${other}`, { ifAvailable: true }, async (lock) => lock === null)) as boolean
}

/** Where the browser has no locks (plain HTTP): one sender at a time in this tab at least. */
function oneTab(): Pick<LockManager, 'request'> {
  const tails = new Map<string, Promise<unknown>>()
  const request = (name: string, ...rest: unknown[]): Promise<unknown> => {
    const work = rest.pop() as (lock: object) => unknown
    if (name.startsWith('weiting-tab:')) return Promise.resolve(false)
    const run = (tails.get(name) ?? Promise.resolve()).then(() => work({}))
    tails.set(name, run.catch(() => undefined))
    return run
  }
  return { request: request as LockManager['request'] }
}
