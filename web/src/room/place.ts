/** Where a device says it is, and how a map of somebody else's is asked to show it. */
import type { Act } from '@/api/types'

export type LocationAct = Extract<Act, { kind: 'location.send' }>
export type Place = NonNullable<LocationAct['place']>
export type MapKey = 'amap' | 'baidu' | 'tencent'

export function isLocation(act: Act): act is LocationAct {
  return act.kind === 'location.send'
}

/**
 * Addresses that open a marker. Every one says that the numbers are WGS-84, since these maps use shifted ones of their own;
 * none says whose place it is. Orders differ: Amap takes longitude first.
 */
export function mapLinks({ latitude, longitude }: Pick<Place, 'latitude' | 'longitude'>, title: string): Record<MapKey, string> {
  const [lat, lng] = [latitude.toFixed(6), longitude.toFixed(6)]
  const name = encodeURIComponent(title)
  return {
    amap: `https://uri.amap.com/marker?position=${lng},${lat}&name=${name}&coordinate=wgs84&callnative=1`,
    baidu: `https://api.map.baidu.com/marker?location=${lat},${lng}&title=${name}&content=${name}&coord_type=wgs84&output=html&src=weiting`,
    tencent: `https://apis.map.qq.com/uri/v1/marker?marker=coord:${lat},${lng};title:${name}&coord_type=1&referer=weiting`,
  }
}

/** 北纬 31.230416°，东经 121.473701°: to be read out or typed into any map. */
export function inWords({ latitude, longitude }: Pick<Place, 'latitude' | 'longitude'>): { north: boolean; latitude: string; east: boolean; longitude: string } {
  return { north: latitude >= 0, latitude: Math.abs(latitude).toFixed(6), east: longitude >= 0, longitude: Math.abs(longitude).toFixed(6) }
}

export type Lost = 'unsupported' | 'denied' | 'unavailable' | 'slow'

/** Asks the device once. What comes is a fresh fix; `Lost` says why there is none. */
export function locate(device: Geolocation | undefined = navigator.geolocation): Promise<{ place: Omit<Place, 'address'> } | { lost: Lost }> {
  if (!device) return Promise.resolve({ lost: 'unsupported' })
  return new Promise((done) => {
    device.getCurrentPosition(
      ({ coords }) => {
        const { latitude, longitude, accuracy } = coords
        done({ place: { latitude, longitude, accuracy_m: Math.min(100_000, Math.max(0, accuracy)), coordinate: 'wgs84' } })
      },
      ({ code }) => done({ lost: code === 1 ? 'denied' : code === 3 ? 'slow' : 'unavailable' }),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 0 },
    )
  })
}
