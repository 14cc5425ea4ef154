// What tests need to know or to prepare, asked of the API with the session of a page.
import { readFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { type Page, expect } from '@playwright/test'
import type { Made } from './media'

interface Card {
  id: string
  phase: string
  opens_at: string
  case: { id: string; number: string }
}

export async function rooms(page: Page): Promise<Card[]> {
  return (await (await page.request.get('/api/rooms')).json()) as Card[]
}

/** The first room of a case: the one that the demonstration began with. */
export async function roomOf(page: Page, number: string): Promise<Card> {
  const first = JSON.parse(readFileSync(path.join(process.env.WEITING_FOLDER!, 'rooms.json'), 'utf8')) as Record<string, string>
  const found = (await rooms(page)).find((room) => room.id === first[number])
  if (!found) throw new Error(`no room of ${number} for this person`)
  return found
}

const writing = () => ({ Origin: process.env.WEITING_URL!, 'Idempotency-Key': randomUUID() })

export async function act(page: Page, room: string, body: object): Promise<void> {
  const response = await page.request.post(`/api/rooms/${room}/acts`, { data: body, headers: writing() })
  expect(response.status(), await response.text()).toBe(201)
}

/** Schedules a sitting of everybody in the case but those left out by name; answers the room's id. */
export async function schedule(page: Page, kase: string, opens: number, closes: number, without: readonly string[] = []): Promise<string> {
  const view = (await (await page.request.get(`/api/cases/${kase}`)).json()) as { participants: { id: string; name: string }[] }
  const data = {
    kind: 'inquiry',
    opens_at: new Date(opens).toISOString(),
    closes_at: new Date(closes).toISOString(),
    members: view.participants.filter((one) => !without.includes(one.name)).map((one) => one.id),
  }
  const response = await page.request.post(`/api/cases/${kase}/sittings`, { data, headers: writing() })
  expect(response.status(), await response.text()).toBe(201)
  return ((await response.json()) as { room: string }).room
}

/** A room of this case that is open now, with the notice accepted by these guests; answers its id. */
export async function openRoom(bench: Page, number: string, guests: readonly Page[], without: readonly string[] = []): Promise<string> {
  const { case: kase } = await roomOf(bench, number)
  const id = await schedule(bench, kase.id, Date.now() - 1000, Date.now() + 3_600_000, without)
  for (const guest of guests) await acceptNotice(guest, id)
  await act(bench, id, { kind: 'sitting.open' })
  return id
}

/** The member's id of the person with this name in a room. */
export async function memberOf(page: Page, room: string, name: string): Promise<string> {
  const view = (await (await page.request.get(`/api/rooms/${room}`)).json()) as { members: { id: string; name: string }[] }
  const found = view.members.find((one) => one.name === name)
  if (!found) throw new Error(`no ${name} in the room`)
  return found.id
}

/** Accepts the entry notice where it has not been. */
export async function acceptNotice(page: Page, room: string): Promise<void> {
  const view = (await (await page.request.get(`/api/rooms/${room}`)).json()) as { gate: { kind: string; notice?: { id: string; version: string } } | null }
  if (view.gate?.notice) await act(page, room, { kind: 'notice.acknowledge', notice: view.gate.notice.id, version: view.gate.notice.version })
}

/** Whoever has no signature yet is asked for one after the notice; here it waits. */
export async function putOff(page: Page): Promise<void> {
  const { signature } = (await (await page.request.get('/api/me/signature')).json()) as { signature: unknown }
  if (!signature) await page.getByRole('dialog', { name: '预留签名' }).getByRole('button', { name: '稍后再签' }).click()
}

/** Sends a file in one piece and says it in the room. */
export async function sayFile(page: Page, room: string, kind: string, file: Made): Promise<void> {
  await act(page, room, { kind, blob: await bring(page, file) })
}

/** Sends a file in one piece; answers the upload's id. */
export async function bring(page: Page, file: Made): Promise<string> {
  const begun = await page.request.post('/api/uploads', {
    headers: {
      ...writing(),
      'Tus-Resumable': '1.0.0',
      'Upload-Length': String(file.size),
      'Upload-Metadata': `filename ${Buffer.from(file.name).toString('base64')}`,
    },
  })
  expect(begun.status(), await begun.text()).toBe(201)
  const address = begun.headers()['location']!
  const sent = await page.request.patch(address, {
    data: readFileSync(file.path),
    headers: { Origin: process.env.WEITING_URL!, 'Tus-Resumable': '1.0.0', 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' },
  })
  expect(sent.status(), await sent.text()).toBe(204)
  return address.split('/').pop()!
}

/** Marks everything as read, so that the room opens at its end. */
export async function readAll(page: Page, room: string): Promise<void> {
  const { head } = (await (await page.request.get(`/api/rooms/${room}`)).json()) as { head: number }
  const response = await page.request.put(`/api/rooms/${room}/read`, { data: { seq: head }, headers: { Origin: process.env.WEITING_URL! } })
  expect(response.status(), await response.text()).toBe(204)
}
