// Every operation of the server that the app uses, one line each.
import { call } from './client'
import { noteServerNow } from './clock'
import type {
  Act,
  Appended,
  CallView,
  Capacity,
  CaseCard,
  CaseOrder,
  CaseStatus,
  CaseView,
  CodeSent,
  DayCount,
  Documents,
  Dossier,
  DossierDetail,
  DossierQuery,
  GivenSignature,
  Id,
  InboxOverview,
  InboxPage,
  InboxReport,
  MatterDraft,
  Matters,
  Me,
  NewAct,
  NewReport,
  NewSitting,
  OwnActsPage,
  OfferedTools,
  OwnReport,
  OwnSignature,
  PageWidth,
  Pages,
  Proof,
  PushState,
  PushWish,
  Role,
  RoomCard,
  RoomView,
  Share,
  Sought,
  Subscription,
  SubscriptionChoice,
  StepUp,
  Transcript,
  TextRead,
  UploadView,
} from './types'

const id = encodeURIComponent

export const sendCode = (phone: string, proof?: Proof) =>
  call<CodeSent>('POST', '/api/login/code', { body: proof ? { phone, proof } : { phone }, quiet401: true })

export const login = (phone: string, code: string, request?: Id) =>
  call<Me>('POST', '/api/login', { body: request ? { phone, code, request } : { phone, code }, quiet401: true }).then(timed)

export const logout = () => call<void>('POST', '/api/logout', { quiet401: true })
export const logoutEverywhere = () => call<void>('POST', '/api/logout/all', { quiet401: true })

export const getMe = () => call<Me>('GET', '/api/me', { quiet401: true }).then(timed)
export const chooseRole = (role: Role) => call<Me>('PUT', '/api/me/capacity', { body: { capacity: role } }).then(timed)

/** Which cases, in which order; without anything the latest filed 200. */
export interface CaseQuery {
  q?: string
  status?: CaseStatus
  capacity?: Capacity
  sort?: CaseOrder
  /** The last case of the page before. */
  after?: Id
  limit?: number
}
export const listCases = (query?: CaseQuery) => call<CaseCard[]>('GET', '/api/cases', { query: { ...query } })
export const getCase = (kase: Id) => call<CaseView>('GET', `/api/cases/${id(kase)}`)
export const scheduleSitting = (kase: Id, sitting: NewSitting, key: string) =>
  call<Appended & { room: Id }>('POST', `/api/cases/${id(kase)}/sittings`, { body: sitting, key })

export const reportMissing = (report: NewReport, key: string) => call<{ id: Id }>('POST', '/api/missing-cases', { body: report, key })
export const listMissingReports = () => call<OwnReport[]>('GET', '/api/missing-cases')
export const listMissingInbox = (handled: boolean) => call<InboxReport[]>('GET', '/api/missing-cases/inbox', { query: { handled: String(handled) } })
export const answerMissing = (report: Id, reply: string) => call<void>('POST', `/api/missing-cases/${id(report)}/answer`, { body: { reply } })

/** What I did, or only where my signature was used; `before` goes on after a page. */
export const listOwnActs = (signatures: boolean, before: number | null) =>
  call<OwnActsPage>('GET', '/api/attestation', { query: { signatures: String(signatures), before: before ?? undefined } })

export const listRooms = () => call<RoomCard[]>('GET', '/api/rooms')
export const getRoom = (room: Id) => call<RoomView>('GET', `/api/rooms/${id(room)}`).then(timed)
export const readActs = (room: Id, after: number, limit = 50) =>
  call<Act[]>('GET', `/api/rooms/${id(room)}/acts`, { query: { after, limit } })
/** Acts found again, the newest first. */
export const searchRoom = (room: Id, query: Sought) => call<Act[]>('GET', `/api/rooms/${id(room)}/search`, { query: { ...query } })
/** The days with messages, in order; of one member, if one is named. */
export const roomDays = (room: Id, member?: Id) => call<DayCount[]>('GET', `/api/rooms/${id(room)}/days`, { query: { member } })
export const perform = (room: Id, act: NewAct, key: string) =>
  call<Appended>('POST', `/api/rooms/${id(room)}/acts`, { body: act, key })
export const getCall = (room: Id) => call<CallView | null>('GET', `/api/rooms/${id(room)}/call`)
export const markRead = (room: Id, seq: number) => call<void>('PUT', `/api/rooms/${id(room)}/read`, { body: { seq } })

export const listMatters = (room: Id) => call<Matters>('GET', `/api/rooms/${id(room)}/matters`).then(timed)
export const saveDraft = (room: Id, matter: Id, draft: MatterDraft) =>
  call<void>('PUT', `/api/rooms/${id(room)}/matters/${id(matter)}/draft`, { body: draft })

export const inboxCounts = () => call<InboxOverview>('GET', '/api/inbox/counts')
export const listInbox = (query: { category?: string; before?: Id; limit?: number }) => call<InboxPage>('GET', '/api/inbox', { query })
export const readInbox = (ids: Id[]) => call<void>('PUT', '/api/inbox/read', { body: { ids } })
export const clearInbox = (what: 'read' | 'all') => call<{ cleared: number; undo: string }>('PUT', '/api/inbox/cleared', { body: { what } })
export const undoClear = (undo: string) => call<void>('PUT', '/api/inbox/restored', { body: { undo } })
export const listSubscriptions = () => call<Subscription[]>('GET', '/api/inbox/subscriptions')
export const subscribe = (choice: SubscriptionChoice) => call<void>('PUT', '/api/inbox/subscriptions', { body: choice })
export const pushState = () => call<PushState>('GET', '/api/push')
export const putPush = (wish: PushWish) => call<void>('PUT', '/api/push', { body: wish })
export const dropPush = () => call<void>('DELETE', '/api/push')
export const getTranscript = (room: Id) => call<Transcript>('GET', `/api/rooms/${id(room)}/transcript`).then(timed)
export const getSignature = () => call<{ signature: OwnSignature | null }>('GET', '/api/me/signature').then((answer) => answer.signature ?? null)
export const giveSignature = (signature: GivenSignature) => call<OwnSignature>('PUT', '/api/me/signature', { body: signature })
/** My own picture; the version keeps a former one from being shown. */
export const signatureUrl = (version: number) => `/api/me/signature/picture?v=${version}`
export const sendStepUpCode = (what: StepUp) => call<CodeSent>('POST', '/api/step-up/code', { body: what })
export const stepUp = (what: StepUp & { code: string; request?: Id }) => call<{ expires_at: string }>('POST', '/api/step-up', { body: what })
export const listDocuments = (query: { q?: string; after?: string }) => call<Documents>('GET', '/api/documents', { query })
export const getDossier = (kase: Id, query: DossierQuery) => call<Dossier>('GET', `/api/cases/${id(kase)}/dossier`, { query: { ...query } as Record<string, string> })
export const getDossierEntry = (kase: Id, entry: Id) => call<DossierDetail>('GET', entryPath(kase, entry))
export const getEntryPages = (kase: Id, entry: Id) => call<Pages>('GET', `${entryPath(kase, entry)}/pages`)
export const listShares = (room: Id) => call<{ shares: Share[] }>('GET', `/api/rooms/${id(room)}/shares`)
export const getSharePages = (room: Id, share: Id) => call<Pages>('GET', `${sharePath(room, share)}/pages`)

export const liveTicket = () => call<{ ticket: string }>('POST', '/api/live/ticket')
/** Which tools this court's server can offer. */
export const getTools = () => call<OfferedTools>('GET', '/api/tools')
/** Reads the print on a photo that was brought for a tool; the photo is gone with the answer. */
export const readText = (upload: Id, turn: number, signal?: AbortSignal) =>
  call<TextRead>('POST', `/api/tools/text/${id(upload)}`, { body: { turn }, signal })
export const getUpload = (upload: Id) => call<UploadView>('GET', `/api/uploads/${id(upload)}`)

const entryPath = (kase: Id, entry: Id) => `/api/cases/${id(kase)}/dossier/${id(entry)}`
const sharePath = (room: Id, share: Id) => `/api/rooms/${id(room)}/shares/${id(share)}`
/** A page as a picture, and the original; the browser follows the redirect to the files' own host. */
export const entryPageUrl = (kase: Id, entry: Id, n: number, width: PageWidth) => `${entryPath(kase, entry)}/pages/${n}?width=${width}`
export const entryFileUrl = (kase: Id, entry: Id) => `${entryPath(kase, entry)}/file`
export const sharePageUrl = (room: Id, share: Id, n: number, width: PageWidth) => `${sharePath(room, share)}/pages/${n}?width=${width}`

/** The file of an act; the browser follows the redirect to the files' own host. */
export const fileUrl = (room: Id, seq: number, place = 0) => `/api/rooms/${id(room)}/acts/${seq}/file${place ? `?place=${place}` : ''}`
export const thumbUrl = (room: Id, seq: number) => `/api/rooms/${id(room)}/acts/${seq}/thumb`

function timed<T extends { now: string }>(answer: T): T {
  noteServerNow(answer.now)
  return answer
}
