/** What everybody may look up. */
import { call } from '@/api/client'
import type { components } from '@/api/schema'

type Schemas = components['schemas']
export type Laws = Schemas['Laws']
export type Law = Schemas['Law']
export type LawText = Schemas['LawText']
export type LawArticle = Schemas['LawArticle']
export type LawHits = Schemas['LawHits']
export type CourtHits = Schemas['CourtHits']
export type CourtPlace = Schemas['CourtPlace']
export type FaqHits = Schemas['FaqHits']
export type FaqAnswer = Schemas['FaqAnswer']
export type Links = Schemas['Links']
export type SiteLink = Schemas['SiteLink']
export type Citation = Schemas['Citation']

const id = encodeURIComponent

export const getLaws = () => call<Laws>('GET', '/api/laws')
export const getLaw = (code: string, version?: string) => call<LawText>('GET', `/api/laws/${id(code)}`, { query: { version } })
export const searchLaws = (q: string, signal?: AbortSignal) => call<LawHits>('GET', '/api/laws/search', { query: { q }, signal })
export const getCourts = (region?: string, q?: string) => call<CourtHits>('GET', '/api/courts', { query: { region, q: q || undefined } })
export const getFaq = (q?: string) => call<FaqHits>('GET', '/api/faq', { query: { q: q || undefined } })
export const getLinks = () => call<Links>('GET', '/api/links')
