/** The operations about mandates, consents, addresses and devices: they come with the pages that use them. */
import { call, newKey } from '@/api/client'
import { perform } from '@/api/court'
import type { Id, NewAct, Pages } from '@/api/types'
import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type Power = Schemas['Power']
export type AgentKind = Schemas['AgentKind']
export type Authority = Schemas['Authority']
export type MyAgency = Schemas['MyAgency']
export type Mandate = Schemas['MandateView']
export type QueuedMandate = Schemas['QueuedMandate']
export type CheckedAgent = Schemas['CheckedAgent']
export type Application = Schemas['ApplyAgency']
export type Consents = Schemas['ConsentsView']
export type ConsentItem = Schemas['ConsentItem']
export type MemberConsents = Schemas['MemberConsents']
export type KeptConsent = Schemas['KeptConsent']
export type Domicile = Schemas['DomicileView']
export type DomicileEntry = Required<Schemas['DomicileEntry']>
export type DomicileWay = Schemas['DomicileWay']
export type MemberDomicile = Schemas['MemberDomicile']
export type Session = Schemas['SessionView']

const id = encodeURIComponent

export const getAgency = () => call<MyAgency>('GET', '/api/agency')
export const applyAgency = (application: Application, key: string) => call<{ mandate: Id }>('POST', '/api/agency', { body: application, key })
export const checkAgent = (name: string, phone: string) => call<CheckedAgent>('POST', '/api/agency/check', { body: { name, phone } })
export const registerAgent = (kind: AgentKind) => call<void>('PUT', '/api/me/agent', { body: { kind } })
export const getQueue = () => call<QueuedMandate[]>('GET', '/api/agency/queue')
export const getPaperPages = (room: Id, mandate: Id) => call<Pages>('GET', `/api/rooms/${id(room)}/agency/${id(mandate)}/pages`)
export const paperPageUrl = (room: Id, mandate: Id, n: number) => `/api/rooms/${id(room)}/agency/${id(mandate)}/pages/${n}`

export const getConsents = (room: Id) => call<Consents>('GET', `/api/rooms/${id(room)}/consents`)
export const getMyConsents = () => call<{ consents: KeptConsent[] }>('GET', '/api/me/consents').then((answer) => answer.consents)
export const getDomicile = () => call<Domicile>('GET', '/api/me/domicile')
export const putDomicile = (entries: DomicileEntry[]) => call<Domicile>('PUT', '/api/me/domicile', { body: { entries } })
export const getDomiciles = (kase: Id) => call<MemberDomicile[]>('GET', `/api/cases/${id(kase)}/domiciles`)

export const getSessions = () => call<{ sessions: Session[] }>('GET', '/api/me/sessions').then((answer) => answer.sessions)
export const endSession = (session: Id) => call<void>('DELETE', `/api/me/sessions/${id(session)}`)
export const endOtherSessions = () => call<void>('POST', '/api/me/sessions/others')

/** One wish, one key: a lost answer is asked for again under the same, by the caller who tries again. */
export const does = (room: Id, act: NewAct, key = newKey()) => perform(room, act, key)
