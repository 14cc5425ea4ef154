/** How a map of somebody else's is asked to show a place. */
import type { CourtPlace } from './api'

export type MapKey = 'amap' | 'baidu' | 'tencent'

/** The address of a marker. Each map is told what the numbers are measured in; Amap takes longitude first. */
export function mapLink(map: MapKey, place: Pick<CourtPlace, 'name' | 'latitude' | 'longitude' | 'coordinate'>): string {
  const [lat, lng] = [(place.latitude ?? 0).toFixed(6), (place.longitude ?? 0).toFixed(6)]
  const name = encodeURIComponent(place.name)
  const wgs = place.coordinate === 'wgs84'
  switch (map) {
    case 'amap':
      return `https://uri.amap.com/marker?position=${lng},${lat}&name=${name}&coordinate=${wgs ? 'wgs84' : 'gaode'}&callnative=1`
    case 'baidu':
      return `https://api.map.baidu.com/marker?location=${lat},${lng}&title=${name}&content=${name}&coord_type=${wgs ? 'wgs84' : 'gcj02'}&output=html&src=weiting`
    case 'tencent':
      return `https://apis.map.qq.com/uri/v1/marker?marker=coord:${lat},${lng};title:${name}&coord_type=${wgs ? 1 : 2}&referer=weiting`
  }
}
