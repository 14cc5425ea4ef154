// Starts one demonstration court for the run, in a fresh folder and on free ports, and ends it by its own process id.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { openSync } from 'node:fs'
import net from 'node:net'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'

export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'weiting-browser-'))
  const port = await freePair()
  const program = process.env.WEITING_BIN ?? path.join(targets(), 'debug', 'weiting')
  const log = path.join(folder, 'court.log')
  const out = openSync(log, 'w')
  const child = spawn(program, ['demo', '--dir', path.join(folder, 'court'), '--port', String(port)], { stdio: ['ignore', out, out] })
  const ended = new Promise<string>((done) => {
    child.on('error', (error) => done(error.message))
    child.on('exit', (code, signal) => done(`it ended (${code ?? signal})`))
  })
  process.env.WEITING_URL = `http://127.0.0.1:${port}`
  process.env.WEITING_INBOX = `http://127.0.0.1:${port + 1}/inbox.json`
  process.env.WEITING_FOLDER = folder
  process.env.WEITING_BIN = program

  const failed = await Promise.race([ended, answers(process.env.WEITING_URL)])
  if (failed) {
    const said = await readFile(log, 'utf8').catch(() => '')
    throw new Error(`${program} demo did not start: ${failed}\n${said.slice(-4000)}`)
  }
  await noteRooms(program, folder)
  return async () => {
    await stop(child, ended)
    await rm(folder, { recursive: true, force: true })
  }
}

/** Which rooms the demonstration begins with, one for each case: tests make more, earlier and later ones. */
async function noteRooms(program: string, folder: string): Promise<void> {
  const clerk = ['--person', '19900000003', '--role', 'clerk', '--dir', path.join(folder, 'court')]
  const token = execFileSync(program, ['token', ...clerk], { encoding: 'utf8' }).trim().split(/\s+/).pop()
  const answer = await fetch(`${process.env.WEITING_URL}/api/rooms`, { headers: { Authorization: `Bearer ${token}` } })
  const rooms = (await answer.json()) as { id: string; case: { number: string } }[]
  const first = Object.fromEntries(rooms.map((room) => [room.case.number, room.id]))
  await writeFile(path.join(folder, 'rooms.json'), JSON.stringify(first))
}

const targets = () => process.env.CARGO_TARGET_DIR ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'weiting', 'target')

/** Null when the court answers; the reason when it does not within 20 seconds. */
async function answers(url: string): Promise<string | null> {
  for (let i = 0; i < 200; i += 1) {
    const response = await fetch(`${url}/readyz`).catch(() => null)
    if (response?.ok) return null
    await new Promise((next) => setTimeout(next, 100))
  }
  return 'no answer within 20 s'
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(patience)
}

/** A port that is free together with the next one. */
async function freePair(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 20_000)
    if ((await free(port)) && (await free(port + 1))) return port
  }
}

function free(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = net.createServer()
    server.once('error', () => done(false))
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)))
  })
}
