// The third verifier: receipts and bundles, in the browser, without a server (docs/record-format.md). Findings read "fault place", as
// those of the other two; tests/verify/golden has the files on which all three agree.
import { Sha256 } from '@/sha256'
import { type WrittenAct, faultsOf, readAct } from './act'
import { type Contents, isContainer, unzip } from './container'
import { type Checkpoint, type Key, holds, openCheckpoint, readKey, readNote } from './note'
import { carriedIn, isPdf } from './pdf'
import { after, asText, fromHex, same, toHex } from './text'
import { continues, includes } from './tree'

export interface Report {
  what: 'bundle' | 'receipt' | 'sealed' | 'unknown'
  /** "fault place", in the order in which they were found. */
  findings: string[]
  key: Key | null
  checkpoint: Checkpoint | null
  /** Of a bundle. */
  case?: string
  whole?: boolean
  made?: string
  records: number
  acts: number
  files: number
  /** Of a receipt. */
  act?: WrittenAct
  /** The hashes of the files that the acts show. */
  shown: Set<string>
}

const empty = (what: Report['what'], findings: string[] = []): Report => ({
  what, findings, key: null, checkpoint: null, records: 0, acts: 0, files: 0, shown: new Set(),
})

/** Verifies a bundle or a receipt. `published`: the key that the court has published, if it is known from elsewhere. */
export async function verify(file: Blob, published: string | null = null, told?: (part: number) => void): Promise<Report> {
  if (await isContainer(file)) return verifyBundle(await unzip(file, told), published)
  if (await isPdf(file)) return verifySealed(file, published)
  const text = file.size < 1 << 22 ? asText(new Uint8Array(await file.arrayBuffer())) : null
  if (text === null) return empty('unknown', ['malformed receipt'])
  return verifyReceipt(text, published)
}

/** A sealed transcript: the receipt in it, and whether that is of the record in it. */
async function verifySealed(file: Blob, published: string | null): Promise<Report> {
  const carried = await carriedIn(file)
  const texts = carried.map(asText)
  const receipt = texts.find((text) => text?.startsWith('weiting receipt v1\n'))
  if (!receipt) return empty('unknown', ['missing receipt.txt'])
  const report = await verifyReceipt(receipt, published)
  const content = contentOf(report.act?.body?.text)
  const records = carried.filter((_, at) => texts[at] !== receipt)
  const hashes = await Promise.all(records.map((record) => hashOf(new Blob([record.slice()]))))
  if (content === null || !hashes.includes(content)) report.findings.push(`${records.length > 0 ? 'altered' : 'missing'} record.json`)
  return { ...report, what: 'sealed' }
}

/** The hash of the record that the act names which settled the words of a transcript. */
function contentOf(body: string | undefined): string | null {
  try {
    const document = JSON.parse(body ?? '') as Record<string, unknown>
    const act = (typeof document.act === 'object' ? document.act : document) as Record<string, unknown>
    return typeof act.content === 'string' ? act.content : null
  } catch {
    return null
  }
}

async function verifyReceipt(text: string, published: string | null): Promise<Report> {
  const cut = text.indexOf('\n\n')
  const [first, keyLine, ...lines] = text.slice(0, Math.max(cut, 0)).split('\n')
  if (cut < 0 || first !== 'weiting receipt v1' || keyLine === undefined) return empty('unknown', ['malformed receipt'])
  const report = empty('receipt')
  report.key = readKey(after(keyLine, 'key') ?? '')
  if (!report.key) return { ...report, findings: ['malformed key'] }
  const act = readAct(lines)
  if (!act) return { ...report, findings: ['malformed act'] }
  report.act = act
  report.acts = 1
  if (act.body) report.shown = shownIn(act.body.text)
  const place = `act ${act.seq}`
  report.findings.push(...faultsOf(act).map((part) => `altered ${place}${part}`))
  if (published !== null && published !== report.key.text) report.findings.push('signature key')
  const opened = await openCheckpoint(text.slice(cut + 2), report.key)
  if (typeof opened === 'string') report.findings.push(`${opened} checkpoint`)
  else {
    report.checkpoint = opened
    if (!act.proof || !includes(opened, act.leaf, act.proof.index, act.proof.path)) report.findings.push(`proof ${place}`)
  }
  return report
}

async function verifyBundle(contents: Contents, published: string | null): Promise<Report> {
  const report = empty('bundle', [...contents.findings])
  const say = (fault: string, place: string) => report.findings.push(`${fault} ${place}`)
  const text = (name: string) => asText(contents.texts.get(name))
  if (!contents.texts.has('MANIFEST')) {
    say('missing', 'MANIFEST')
    return report
  }
  const note = readNote(text('MANIFEST') ?? '')
  const lines = note?.text.slice(0, -1).split('\n') ?? []
  const [court, number, scope, made] = [after(lines[1], 'court'), after(lines[2], 'case'), after(lines[3], 'scope'), after(lines[4], 'made')]
  const listed = lines.slice(5).map((line) => /^file ([0-9a-f]{64}) (.*)$/s.exec(line))
  if (!note || lines[0] !== 'weiting bundle v1' || court === null || number === null || made === null
    || (scope !== 'whole' && scope !== 'member') || listed.includes(null)) {
    say('malformed', 'MANIFEST')
    return report
  }
  const names = new Set(['MANIFEST'])
  for (const [, hash = '', name = ''] of listed.filter((line) => line !== null)) {
    names.add(name)
    const found = contents.hashes.get(name)
    if (found === undefined) say('missing', name)
    else if (found !== hash || (name.startsWith('files/') && name.slice(6) !== found)) say('altered', name)
  }
  report.files = listed.length
  for (const name of [...contents.hashes.keys()].sort()) if (!names.has(name)) say('unlisted', name)
  const keyText = text('key.txt')
  const key = keyText?.endsWith('\n') ? readKey(keyText.slice(0, -1)) : null
  if (!key) {
    say('malformed', 'key.txt')
    return report
  }
  Object.assign(report, { key, case: number, whole: scope === 'whole', made })
  if (published !== null && published !== key.text) say('signature', 'key.txt')
  if (!(await holds(key, note))) say('signature', 'MANIFEST')
  const opened = await openCheckpoint(text('checkpoint.txt'), key)
  if (typeof opened === 'string') say(opened, 'checkpoint.txt')
  else report.checkpoint = opened
  const inside = (folder: string) => [...contents.texts.keys()].filter((name) => name.startsWith(folder)).sort()
  for (const name of inside('history/')) {
    const fault = await faultOfHistory(text(name), key, report.checkpoint)
    if (fault) say(fault, name)
  }
  for (const name of inside('records/')) {
    report.records += 1
    lookAtRecord(report, contents, name, text(name), court)
  }
  return report
}

/** An earlier checkpoint must be the beginning of the one that the bundle has. */
async function faultOfHistory(text: string | null, key: Key, latest: Checkpoint | null): Promise<string | null> {
  const cut = text?.indexOf('\n\n') ?? -1
  if (text === null || cut < 0) return 'malformed'
  const [first, ...lines] = text.slice(0, cut).split('\n')
  const path = lines.filter((line) => line !== '').map((line) => fromHex(after(line, 'path') ?? ''))
  if (first !== 'weiting history v1' || path.includes(null)) return 'malformed'
  const earlier = await openCheckpoint(text.slice(cut + 2), key)
  if (typeof earlier === 'string') return earlier
  return latest && !continues(earlier, latest, path as Uint8Array[]) ? 'fork' : null
}

function lookAtRecord(report: Report, contents: Contents, name: string, text: string | null, court: string): void {
  const say = (fault: string, place: string) => report.findings.push(`${fault} ${place}`)
  const id = name.replace(/^(records\/)*/, '').replace(/(\.txt)*$/, '')
  const [head, ...blocks] = text?.endsWith('\n\n') ? text.slice(0, -2).split('\n\n') : ['']
  if (head !== `weiting record v1\nrecord ${id}`) return void say('malformed', name)
  let before: WrittenAct | null = null
  for (const [at, block] of blocks.entries()) {
    const act = readAct(block.split('\n'))
    if (!act) return void say('malformed', `${name} block ${at + 1}`)
    report.acts += 1
    lookAtAct(report, contents, name, act, before, act.record === id && act.court === court)
    before = act
  }
  if (!before) say('malformed', name)
  else if (!before.proof) say('proof', `${name} act ${before.seq}`)
}

function lookAtAct(report: Report, contents: Contents, name: string, act: WrittenAct, before: WrittenAct | null, here: boolean): void {
  const say = (fault: string, place: string) => report.findings.push(`${fault} ${place}`)
  const place = `${name} act ${act.seq}`
  for (const part of faultsOf(act)) say('altered', `${place}${part}`)
  const next = act.seq === (before?.seq ?? 0n) + 1n
  // Acts that the person may not see are left out; what is before the gap must then be proved by itself.
  const follows = next ? same(act.prev, before?.leaf ?? new Uint8Array(32)) : !report.whole && (!before || before.seq < act.seq)
  if (!here || !follows) say('order', place)
  if (before && act.time < before.time) say('time', place)
  if (before && !next && !before.proof) say('proof', `${name} act ${before.seq}`)
  if (act.proof && report.checkpoint && !includes(report.checkpoint, act.leaf, act.proof.index, act.proof.path)) say('proof', place)
  if (!act.body) return
  try {
    for (const file of [...filesIn(JSON.parse(act.body.text))].sort()) {
      report.shown.add(file)
      if (!contents.hashes.has(`files/${file}`)) say('missing', `${place} files/${file}`)
    }
  } catch {
    say('malformed', `${place} body`)
  }
}

/** The files that an act shows: the `sha256` of every object that has a `size` too. */
function* filesIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const inside of value) yield* filesIn(inside)
  else if (typeof value === 'object' && value !== null) {
    if ('sha256' in value && typeof value.sha256 === 'string' && 'size' in value) yield value.sha256
    for (const inside of Object.values(value)) yield* filesIn(inside)
  }
}

function shownIn(body: string): Set<string> {
  try {
    return new Set(filesIn(JSON.parse(body)))
  } catch {
    return new Set()
  }
}

/** The SHA-256 of a file, read in parts. */
export async function hashOf(file: Blob): Promise<string> {
  const hasher = new Sha256()
  for (let at = 0; at < file.size; at += 1 << 20) hasher.update(new Uint8Array(await file.slice(at, at + (1 << 20)).arrayBuffer()))
  return hasher.hex()
}

/** Whether a file is what this page verifies: a bundle or a receipt, and not a document that one of them names. */
export async function isProof(file: Blob): Promise<boolean> {
  return (await isContainer(file)) || asText(new Uint8Array(await file.slice(0, 18).arrayBuffer())) === 'weiting receipt v1'
}

/** The words that an act said, if they are written. */
export function sentenceOf(act: WrittenAct): string | null {
  try {
    const body = JSON.parse(act.body?.text ?? '') as { sentence?: unknown }
    return typeof body.sentence === 'string' ? body.sentence : null
  } catch {
    return null
  }
}

export const leafText = (act: WrittenAct): string => toHex(act.leaf)
