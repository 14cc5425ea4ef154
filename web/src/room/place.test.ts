import { describe, expect, it } from 'vitest'
import { inWords, locate, mapLinks } from './place'

const place = { latitude: 31.2304161, longitude: 121.4737014 }

describe('links to maps', () => {
  const links = mapLinks(place, '位置')

  it('say which coordinates they give, each map in its own order', () => {
    const amap = new URL(links.amap)
    expect([amap.host, amap.searchParams.get('position'), amap.searchParams.get('coordinate')]).toEqual(['uri.amap.com', '121.473701,31.230416', 'wgs84'])
    const baidu = new URL(links.baidu)
    expect([baidu.host, baidu.searchParams.get('location'), baidu.searchParams.get('coord_type')]).toEqual(['api.map.baidu.com', '31.230416,121.473701', 'wgs84'])
    const tencent = new URL(links.tencent)
    expect([tencent.host, tencent.searchParams.get('marker'), tencent.searchParams.get('coord_type')]).toEqual(['apis.map.qq.com', 'coord:31.230416,121.473701;title:位置', '1'])
  })

  it('tell nothing but the place', () => {
    for (const link of Object.values(links)) expect(link).not.toMatch(/address|addr=|case|room/)
  })
})

describe('a place in words', () => {
  it('names the half of the earth', () => {
    expect(inWords(place)).toEqual({ north: true, latitude: '31.230416', east: true, longitude: '121.473701' })
    expect(inWords({ latitude: -1, longitude: -2 })).toEqual({ north: false, latitude: '1.000000', east: false, longitude: '2.000000' })
  })
})

describe('asking the device', () => {
  const device = (answer: (done: PositionCallback, fail: PositionErrorCallback) => void) =>
    ({ getCurrentPosition: (done: PositionCallback, fail: PositionErrorCallback) => answer(done, fail) }) as unknown as Geolocation

  it('gives what the court takes, however vague', async () => {
    const found = await locate(device((done) => done({ coords: { ...place, accuracy: 250_000 } } as unknown as GeolocationPosition)))
    expect(found).toEqual({ place: { ...place, accuracy_m: 100_000, coordinate: 'wgs84' } })
  })

  it('says why there is none', async () => {
    const fails = (code: number) => locate(device((_, fail) => fail({ code } as GeolocationPositionError)))
    expect(await fails(1)).toEqual({ lost: 'denied' })
    expect(await fails(2)).toEqual({ lost: 'unavailable' })
    expect(await fails(3)).toEqual({ lost: 'slow' })
  })
})
