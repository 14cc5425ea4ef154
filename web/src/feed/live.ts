/**
 * The one live connection of the app. Rooms are watched through it, each from the last seq its watcher has.
 *
 * Nothing is lost when it breaks: every reconnection asks again for what came after the last seq, and while no socket
 * can be had the same question is put by HTTP every five seconds. Acts may therefore come twice; the feed drops them.
 */
import type { Act, InboxCounts } from './types'

/** A room's watcher. All callbacks may be called again with what is already known. */
export interface Watcher {
  act(act: Act): void
  head?(head: number): void
  online?(members: string[]): void
  error?(code: string, detail: string): void
}

/** `connecting` at first, `open`, `waiting` between attempts (acts then come by polling), `ended` with the session. */
export type LiveState = 'connecting' | 'open' | 'waiting' | 'ended'

/** As much of a browser's WebSocket as is used here. */
export interface Socket {
  readonly readyState: number
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number }) => void) | null
  send(text: string): void
  close(): void
}

export interface LiveDeps {
  /** A one-use ticket; `ended` when nobody is logged in any more. Throws when the network fails. */
  ticket(): Promise<string | 'ended'>
  connect(protocols: string[]): Socket
  /** `GET /api/rooms/{room}/acts?after=`; throws when it fails. */
  acts(room: string, after: number): Promise<Act[]>
  /** `GET /healthz`: whether the server can be reached at all. */
  healthy(): Promise<boolean>
  /** 0 ≤ n < 1 */
  random(): number
}

export interface Live {
  readonly state: LiveState
  /** Watches a room from the acts after `after`; the answer ends the watch. */
  watch(room: string, after: number, watcher: Watcher): () => void
  /** Is told how much is not read, whenever that changes; the answer ends it. */
  inbox(listener: (counts: InboxCounts) => void): () => void
  /** The network came back or the page came to the front: look at once. */
  wake(): void
  /** Is told of each state, beginning with the present one; the answer ends it. */
  onState(listener: (state: LiveState) => void): () => void
  /** Lets go of the socket until [wake]: the session is about to get another token. */
  rest(): void
  /** Ends for good: logout. */
  end(): void
}

const PROTOCOL = 'weiting.v1'
const FIRST_PAUSE = 500
const LONGEST_PAUSE = 30_000
const POLL = 5_000
/** The server pings every 25 s under the browser's eyes; without a frame for this long we ask for ourselves. */
const QUIET = 60_000
/** Each third quiet minute the rooms are read over HTTP, lest a socket is dead that both ends believe alive. */
const DOUBT = 3
const OPEN = 1
const SESSION_ENDED = 4401
const TOO_MANY_FRAMES = 4408

interface Watch {
  after: number
  watchers: Set<Watcher>
}

export function createLive(deps: LiveDeps): Live {
  const watches = new Map<string, Watch>()
  const listeners = new Set<(state: LiveState) => void>()
  const followers = new Set<(counts: InboxCounts) => void>()
  const wanted = () => watches.size > 0 || followers.size > 0
  let state: LiveState = 'connecting'
  let socket: Socket | null = null
  let attempt = 0
  let dialling = false
  let quietMinutes = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  let quiet: ReturnType<typeof setTimeout> | undefined
  let poll: ReturnType<typeof setInterval> | undefined

  function enter(next: LiveState): void {
    if (state === next) return
    state = next
    if (next === 'waiting') poll ??= setInterval(() => void readAll(), POLL)
    else poll = void clearInterval(poll)
    for (const listener of listeners) listener(next)
  }

  async function dial(): Promise<void> {
    if (dialling || socket || state === 'ended' || !wanted()) return
    dialling = true
    clearTimeout(retry)
    try {
      const ticket = await deps.ticket()
      if (ticket === 'ended') return end()
      if ((state as LiveState) === 'ended') return
      attach(deps.connect([PROTOCOL, `ticket.${ticket}`]))
    } catch {
      later()
    } finally {
      dialling = false
    }
  }

  function attach(next: Socket): void {
    socket = next
    next.onopen = () => {
      if (socket !== next) return
      attempt = 0
      enter('open')
      listen()
      send({ watch: [...watches].map(([room, { after }]) => ({ room, after })), ...(followers.size > 0 && { inbox: true }) })
    }
    next.onmessage = (event) => {
      if (socket !== next) return
      listen()
      if (typeof event.data === 'string') hear(event.data)
    }
    next.onclose = (event) => {
      if (socket !== next) return
      drop()
      if (event.code === SESSION_ENDED) return end()
      // Asking too much is our own fault: do not add to it.
      if (event.code === TOO_MANY_FRAMES) attempt = 6
      later()
    }
  }

  function drop(): void {
    const old = socket
    socket = null
    clearTimeout(quiet)
    if (!old) return
    old.onopen = old.onmessage = old.onclose = null
    old.close()
  }

  function later(): void {
    if (state === 'ended') return
    // Nobody watches: nothing to come back for until somebody does.
    if (!wanted()) return enter('connecting')
    enter('waiting')
    const span = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt)
    attempt += 1
    clearTimeout(retry)
    retry = setTimeout(() => void dial(), FIRST_PAUSE + deps.random() * (span - FIRST_PAUSE))
  }

  function listen(): void {
    quietMinutes = 0
    watchSilence()
  }

  function watchSilence(): void {
    clearTimeout(quiet)
    quiet = setTimeout(() => void silence(), QUIET)
  }

  async function silence(): Promise<void> {
    const asked = socket
    if (!asked) return
    quietMinutes += 1
    const alive = asked.readyState === OPEN && (await deps.healthy().catch(() => false))
    const missed = alive && quietMinutes % DOUBT === 0 && (await readAll())
    if (socket !== asked) return
    if (alive && !missed) return watchSilence()
    drop()
    later()
  }

  function hear(data: string): void {
    const frame = parse(data)
    if (frame?.inbox) for (const follower of followers) follower(frame.inbox)
    const watch = frame?.room ? watches.get(frame.room) : undefined
    if (!frame || !watch) return
    if (frame.act) {
      watch.after = Math.max(watch.after, frame.act.seq)
      for (const one of watch.watchers) one.act(frame.act)
    }
    if (typeof frame.head === 'number') for (const one of watch.watchers) one.head?.(frame.head)
    if (frame.online) for (const one of watch.watchers) one.online?.(frame.online)
    if (frame.error) for (const one of watch.watchers) one.error?.(frame.error.code, frame.error.detail)
  }

  /** Reads every watched room over HTTP; true when there was something the socket had not brought. */
  async function readAll(): Promise<boolean> {
    let found = false
    for (const [room, watch] of watches) {
      const acts = await deps.acts(room, watch.after).catch(() => [])
      for (const act of acts) {
        if (act.seq <= watch.after) continue
        found = true
        watch.after = act.seq
        for (const one of watch.watchers) one.act(act)
      }
    }
    return found
  }

  function send(frame: object): void {
    if (socket?.readyState === OPEN) socket.send(JSON.stringify(frame))
  }

  function wake(): void {
    if (state === 'ended') return
    if (socket?.readyState === OPEN) {
      const asked = socket
      void readAll().then((missed) => {
        if (!missed || socket !== asked) return
        drop()
        attempt = 0
        void dial()
      })
      return
    }
    attempt = 0
    void dial()
  }

  function rest(): void {
    clearTimeout(retry)
    drop()
  }

  function end(): void {
    drop()
    clearTimeout(retry)
    watches.clear()
    followers.clear()
    enter('ended')
  }

  function watch(room: string, after: number, watcher: Watcher): () => void {
    const known = watches.get(room)
    if (known) {
      // A second view of the same room: it catches up from its own place, the first one drops what it knows.
      known.watchers.add(watcher)
      if (after < known.after) known.after = after
    } else {
      watches.set(room, { after, watchers: new Set([watcher]) })
    }
    if (socket) send({ watch: [{ room, after }] })
    else void dial()
    return () => leave(room, watcher)
  }

  function leave(room: string, watcher: Watcher): void {
    const known = watches.get(room)
    known?.watchers.delete(watcher)
    if (!known || known.watchers.size > 0) return
    watches.delete(room)
    send({ unwatch: [room] })
  }

  function inbox(follower: (counts: InboxCounts) => void): () => void {
    followers.add(follower)
    // Said again, it is told again: who comes second begins with the present numbers too.
    if (socket) send({ inbox: true })
    else void dial()
    return () => {
      followers.delete(follower)
      if (followers.size === 0) send({ inbox: false })
    }
  }

  return {
    get state() {
      return state
    },
    watch,
    inbox,
    wake,
    rest,
    end,
    onState(listener) {
      listeners.add(listener)
      listener(state)
      return () => listeners.delete(listener)
    },
  }
}

/** Calls `wake` when the network returns or the page comes to the front. */
export function wakeOnReturn(wake: () => void): () => void {
  const seen = (): void => {
    if (document.visibilityState === 'visible') wake()
  }
  window.addEventListener('online', wake)
  document.addEventListener('visibilitychange', seen)
  return () => {
    window.removeEventListener('online', wake)
    document.removeEventListener('visibilitychange', seen)
  }
}

interface Frame {
  room?: string
  inbox?: InboxCounts
  act?: Act
  head?: number
  online?: string[]
  error?: { code: string; detail: string }
}

function parse(data: string): Frame | null {
  try {
    const frame: unknown = JSON.parse(data)
    return frame !== null && typeof frame === 'object' ? (frame as Frame) : null
  } catch {
    return null
  }
}
